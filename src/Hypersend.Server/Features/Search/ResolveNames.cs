using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Search;

/// <summary>Whom and which chats somebody means by the names that they typed.</summary>
internal sealed class ResolveNames(IUserStore users)
{
    private const int MostPeople = 50;

    /// <summary>Null when nobody was named; nobody when the names are nobody's.</summary>
    public async Task<IReadOnlySet<UserId>?> PeopleAsync(UserId viewer, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        if (names.Count == 0)
            return null;
        var people = new HashSet<UserId>();
        foreach (var name in names.Take(MostPeople))
        {
            if (name.Equals("me", StringComparison.OrdinalIgnoreCase))
                people.Add(viewer);
            else if (Guid.TryParseExact(name, "D", out var id))
                people.Add(new UserId(id));
            else
                people.UnionWith(await CalledAsync(viewer, name.TrimStart('@'), cancellation));
        }

        return people;
    }

    /// <summary>The chats whose names have words that begin so; of a direct one, the other person's name counts.</summary>
    public static IReadOnlyList<SearchedChat> ChatsIn(IReadOnlyList<SearchedChat> chats, IReadOnlyCollection<string> names)
    {
        if (names.Count == 0)
            return chats;
        var wanted = names.Select(name => Guid.TryParseExact(name, "D", out var id)
            ? chat => chat.Id.Value == id
            : Matcher(name)).ToList();
        return [.. chats.Where(chat => wanted.Exists(matches => matches(chat)))];
    }

    /// <summary>Whether all words of a name are beginnings of words of the chat's.</summary>
    public static Func<SearchedChat, bool> Matcher(string name)
    {
        var words = Tokeniser.Words(name);
        return chat => words.Count > 0 && Called(chat) is var called
            && words.TrueForAll(word => called.Exists(one => word.Text.Length == 1 ? one.Text.StartsWith(word.Text, StringComparison.Ordinal) : one.Answers(word, asBeginning: true)));
    }

    private static List<Word> Called(SearchedChat chat) => Tokeniser.Words($"{chat.Name} {chat.PeerName} {chat.PeerUsername}");

    /// <summary>The one with this user name, else all with a name that begins so.</summary>
    private async Task<IEnumerable<UserId>> CalledAsync(UserId viewer, string name, CancellationToken cancellation)
    {
        var words = NameForm.Words(name);
        if (words.Count == 0)
            return [];
        var found = await users.SearchAsync(words, viewer, after: "", MostPeople, cancellation);
        var key = NameForm.Of(name);
        var exactly = found.Where(profile => NameForm.Of(profile.Username) == key).Select(profile => profile.Id).ToList();
        return exactly.Count > 0 ? exactly : found.Select(profile => profile.Id);
    }
}
