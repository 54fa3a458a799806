using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Search;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Search;

/// <summary>
/// Finds messages in the chats of who asks. The index names candidates, the messages themselves decide: as they are at this
/// moment, and as this person may see them.
/// </summary>
internal sealed class FindMessages(ISearchIndex index, ISearchSource source, ResolveNames names, SearchTurns turns, TimeProvider clock)
{
    // So many terms narrow the candidates enough; what else was typed is asked of the messages.
    private const int MostTerms = 24;

    private const int MostRounds = 12;
    private const int LeastCandidates = 32;
    private const int MostCandidates = 400;
    private const int LeastLooked = 600;
    private const int LeastInTurn = 50;

    // What is not found in this time is for the next page: words that are everywhere and never together have no end.
    // So many are looked at before, at any speed.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(60);

    // Long messages and many words make each look dear, and others wait for this turn.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(2);

    public Task<Result<FoundPage>> HandleAsync(UserId viewer, SearchQuery query, ChatId? chat, FindPlace? after, int limit, CancellationToken cancellation) =>
        turns.RunAsync(() => FindAsync(viewer, query, chat, after, limit, cancellation), cancellation);

    private async Task<Result<FoundPage>> FindAsync(UserId viewer, SearchQuery query, ChatId? chat, FindPlace? after, int limit, CancellationToken cancellation)
    {
        var mine = await source.ChatsOfAsync(viewer, cancellation);
        if (chat is { } only)
        {
            mine = [.. mine.Where(one => one.Id == only)];
            if (mine.Count == 0)
                return new Failure(ErrorCodes.NotFound);
        }

        mine = ResolveNames.ChatsIn(mine, query.In);
        var senders = await names.PeopleAsync(viewer, query.From, cancellation);
        if (!query.IsWish || mine.Count == 0 || senders is { Count: 0 })
            return FoundPage.Empty;
        return await CollectAsync(viewer, query, WishOf(viewer, query, mine, senders) with { After = after }, senders, limit, cancellation);
    }

    private async Task<FoundPage> CollectAsync(
        UserId viewer, SearchQuery query, IndexWish wish, IReadOnlySet<UserId>? senders, int limit, CancellationToken cancellation)
    {
        var sought = new SoughtMessage(query, viewer, senders);
        var found = new List<FoundMessage>(limit);
        FindPlace? reached = wish.After;
        var (began, looked) = (clock.GetTimestamp(), 0);
        for (var round = 0; round < MostRounds; round++)
        {
            // Most candidates are meant; where few are, the next rounds ask for more of them at once.
            var asked = Math.Clamp((limit - found.Count + 1) << round, LeastCandidates, MostCandidates);
            var finds = await index.FindAsync(wish with { After = reached, Limit = asked, Patience = Patience - clock.GetElapsedTime(began) }, cancellation);
            var rows = finds.Items.Count == 0
                ? new Dictionary<long, MessageSeen>()
                : (await source.MessagesAsync(viewer, [.. finds.Items.Select(find => find.Key)], cancellation)).ToDictionary(seen => seen.Row.Key);
            var now = clock.GetUtcNow();
            foreach (var find in finds.Items)
            {
                cancellation.ThrowIfCancellationRequested();
                if (looked >= LeastInTurn && clock.GetElapsedTime(began) > LongestTurn)
                    return new FoundPage(found, reached);
                looked++;
                if (rows.TryGetValue(find.Key, out var seen) && seen.Show(now) is var message && sought.Find(message) is { } ranges)
                {
                    if (found.Count == limit)
                        return new FoundPage(found, reached);
                    found.Add(new FoundMessage(message) { Highlights = [.. ranges.Select(range => new Highlight { Start = range.Start, Length = range.Length })] });
                }

                reached = find.Place;
            }

            if (finds.Reached is not { } place)
                return new FoundPage(found, Next: null);
            reached = place;
            if (looked > LeastLooked && clock.GetElapsedTime(began) > Patience)
                break;
        }

        // Enough for one request: the next one goes on from here.
        return new FoundPage(found, reached);
    }

    private static IndexWish WishOf(UserId viewer, SearchQuery query, IReadOnlyList<SearchedChat> chats, IReadOnlySet<UserId>? senders)
    {
        var (terms, groups) = (new SortedSet<int>(), new List<IReadOnlyCollection<int>>());
        if (query.HasFile || query.Filenames.Count > 0 || query.LargerThan is not null || query.SmallerThan is not null)
            terms.Add(SearchTerms.File);
        if (query.HasImage)
            terms.Add(SearchTerms.Image);
        if (query.HasLink)
            terms.Add(SearchTerms.Link);
        if (query.IsPinned)
            terms.Add(SearchTerms.Pinned);
        if (query.LargerThan is { } bytes && SearchTerms.LargerThan(bytes) is { } size)
            terms.Add(size);
        foreach (var phrase in query.All.Concat(query.Filenames))
        {
            if (terms.Count + groups.Count < MostTerms)
                SearchTerms.AddWanted(terms, groups, phrase.Words);
        }

        if (query.MentionsMe)
            groups.Insert(0, [SearchTerms.To(viewer), SearchTerms.Everybody]);
        if (senders is not null)
            groups.Insert(0, [.. senders.Select(SearchTerms.From)]);
        return new IndexWish
        {
            Chats = chats.Select(chat => chat.No).ToHashSet(),
            All = [.. terms.Take(MostTerms)],
            OneOf = [.. groups.Take(MostTerms)],
            From = Math.Max(query.After?.ToUnixTimeMilliseconds() ?? 0, 0),
            To = query.Before?.ToUnixTimeMilliseconds() is { } before ? Math.Max(before, 0) : long.MaxValue,
            Limit = 0,
        };
    }
}

/// <summary>A page of what was found, and where the next one begins.</summary>
internal sealed record FoundPage(IReadOnlyList<FoundMessage> Items, FindPlace? Next)
{
    public static FoundPage Empty { get; } = new([], null);
}
