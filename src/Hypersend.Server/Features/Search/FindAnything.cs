using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Search;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Search;

/// <summary>A few of everything that goes by these words: people, chats of mine, files, messages.</summary>
internal sealed class FindAnything(FindMessages messages, ISearchSource source, IUserStore users, PresenceTable presence)
{
    private const int LeastCharactersOfPeople = 2;
    private const int MostCharactersOfPeople = 100;

    public async Task<Result<SearchAnswer>> HandleAsync(Viewer viewer, string text, SearchQuery query, int limit, CancellationToken cancellation)
    {
        if (!(await messages.HandleAsync(viewer.Id, query, chat: null, after: null, limit, cancellation)).Succeeded(out var found, out var failure))
            return failure;
        var plain = text.Trim();
        var isName = CodePoints.Count(plain) is >= LeastCharactersOfPeople and <= MostCharactersOfPeople;
        return new SearchAnswer
        {
            People = isName ? await PeopleAsync(viewer, plain, limit, cancellation) : [],
            Chats = await ChatsAsync(viewer.Id, plain, limit, cancellation),
            Files = await FilesAsync(viewer.Id, query, limit, cancellation),
            Messages = found.Items,
        };
    }

    /// <summary>The files that bear the words of a query in their names, with the messages that carry them.</summary>
    public static SearchQuery ForFiles(SearchQuery query)
    {
        var files = new SearchQuery
        {
            HasFile = true,
            HasImage = query.HasImage,
            Before = query.Before,
            After = query.After,
            LargerThan = query.LargerThan,
            SmallerThan = query.SmallerThan,
            IsPinned = query.IsPinned,
            MentionsMe = query.MentionsMe,
        };
        files.Filenames.AddRange(query.All);
        files.Filenames.AddRange(query.Filenames);
        files.None.AddRange(query.None);
        files.From.AddRange(query.From);
        files.In.AddRange(query.In);
        return files;
    }

    public static IEnumerable<FoundFile> FilesOf(FoundMessage message, SearchQuery query) =>
        from file in message.Files
        let words = Tokeniser.Words(SoughtMessage.NameOf(file))
        where query.Filenames.TrueForAll(phrase => SoughtMessage.Says(words, phrase, ranges: null))
        select new FoundFile { File = file, MessageId = message.Id, ChatId = message.ChatId, Sender = message.Sender, CreatedAt = message.CreatedAt };

    private async Task<IReadOnlyList<Contracts.Users.User>> PeopleAsync(Viewer viewer, string text, int limit, CancellationToken cancellation)
    {
        var words = NameForm.Words(text);
        if (words.Count == 0)
            return [];
        return [.. (await users.SearchAsync(words, viewer.Id, after: "", limit, cancellation)).Select(profile => UserRules.Present(profile, viewer, presence))];
    }

    private async Task<IReadOnlyList<FoundChat>> ChatsAsync(UserId viewer, string text, int limit, CancellationToken cancellation)
    {
        var matches = ResolveNames.Matcher(text);
        return
        [
            .. (await source.ChatsOfAsync(viewer, cancellation)).Where(matches).OrderByDescending(chat => chat.No).Take(limit)
                .Select(chat => new FoundChat { Id = chat.Id, Type = chat.Type, Name = chat.Type == ChatTypes.Direct ? chat.PeerName ?? "" : chat.Name }),
        ];
    }

    private async Task<IReadOnlyList<FoundFile>> FilesAsync(UserId viewer, SearchQuery query, int limit, CancellationToken cancellation)
    {
        var wanted = ForFiles(query);
        if (wanted.Filenames.Count == 0)
            return [];
        return (await messages.HandleAsync(viewer, wanted, chat: null, after: null, limit, cancellation)).Succeeded(out var found, out _)
            ? [.. found.Items.SelectMany(message => FilesOf(message, wanted)).Take(limit)]
            : [];
    }
}
