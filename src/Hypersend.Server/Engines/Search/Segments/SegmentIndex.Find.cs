using System.Diagnostics;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Search;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Search.Segments;

/// <summary>Looking, from the newest back, in all segments at once.</summary>
internal abstract partial class SegmentIndex
{
    // As many chats are named to the lists; of more, each message is asked for its chat. Opening a thousand lists costs more than
    // it saves where somebody is in most of what is said.
    private const int NamedChats = 64;

    // Less than this is done at any speed: what is found where little is said must not depend on the clock.
    private const int LeastSteps = 20_000;

    public async Task<Finds> FindAsync(IndexWish wish, CancellationToken cancellation)
    {
        if (await ToReadAsync(cancellation) is not { } database)
            return new Finds([], Reached: null);
        var began = Stopwatch.GetTimestamp();
        try
        {
            return await database.SnapshotAsync(sql => FindAsync(sql, wish, began, cancellation), cancellation);
        }
        catch (EngineUnavailableException) when (IsReplaced(database))
        {
            return new Finds([], Reached: null);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            NoteDamage(exception);
            return new Finds([], Reached: null);
        }
        finally
        {
            SearchMetrics.Searched(Stopwatch.GetElapsedTime(began));
        }
    }

    /// <summary>Where to look; null when there is nothing to be found.</summary>
    protected virtual Task<SqlDatabase?> ToReadAsync(CancellationToken cancellation) => Task.FromResult(Open);

    /// <summary>It was thrown away while somebody looked into it.</summary>
    protected virtual bool IsReplaced(SqlDatabase one) => Open != one;

    private async Task<Finds> FindAsync(SqlSession sql, IndexWish wish, long began, CancellationToken cancellation)
    {
        var live = await LiveAsync(sql);
        _cache.Keep(live);
        var session = new SegmentSession(this, sql, _cache);
        var before = new Doc(wish.To, 0);
        if (wish.After is { } after && new Doc(after.Time, after.Number) is var place && place.CompareTo(before) < 0)
            before = place;
        var scans = live.Select(segment => new SegmentScan(segment, before, wish.From, wish.Chats)).Where(scan => !scan.IsOver).ToList();
        var finds = new List<Find>(Math.Min(wish.Limit, 256));
        var (last, steps) = (-1L, 0);
        while (Newest(scans) is { } scan)
        {
            if (!scan.IsFound)
            {
                if (cancellation.IsCancellationRequested || (steps > LeastSteps && Stopwatch.GetElapsedTime(began) > wish.Patience))
                    return new Finds(finds, new FindPlace(scan.Position.At, scan.Position.Key + 1));
                steps -= scan.Steps;
                await scan.AdvanceAsync(segment => OpenAsync(session, segment, wish), session);
                steps += scan.Steps;
                if (scan.IsOver)
                    scans.Remove(scan);
                continue;
            }

            // What was changed is in two segments until they come together.
            if (scan.Position.Key != last)
            {
                if (finds.Count >= wish.Limit)
                    return new Finds(finds, finds[^1].Place);
                finds.Add(new Find(scan.Position.Key, new FindPlace(scan.Position.At, scan.Position.Key)));
                last = scan.Position.Key;
            }

            scan.Pass();
        }

        return new Finds(finds, Reached: null);
    }

    private static SegmentScan? Newest(List<SegmentScan> scans)
    {
        SegmentScan? newest = null;
        foreach (var scan in scans)
        {
            if (newest is null || scan.Position.CompareTo(newest.Position) > 0)
                newest = scan;
        }

        return newest;
    }

    private static async ValueTask<(SegmentMap Map, AllOf Numbers)> OpenAsync(SegmentSession session, Segment segment, IndexWish wish)
    {
        var map = await session.MapAsync(segment.Id);
        var lists = new List<INumbers>();
        foreach (var term in wish.All)
            lists.Add(ListOf(term));
        foreach (var group in wish.OneOf)
            lists.Add(new AnyOf([.. group.Select(ListOf)]));
        if (wish.Chats.Count <= NamedChats)
            lists.Add(new AnyOf([.. wish.Chats.Select(chat => ListOf(SearchTerms.Chat(chat)))]));
        return (map, new AllOf(lists));

        TermList ListOf(int term) => new(segment.Id, map, (uint)term, session);
    }
}
