namespace Hypersend.Server.Realtime.Fanout;

/// <summary>
/// Puts the commits of one chat into their order: the events that come out are consecutive, each once. A commit that is
/// ahead waits; a hole that does not close is for the caller to repair from the database.
/// </summary>
internal sealed class ChatOrder(long lastRev)
{
    private const int MostHeld = 256;

    // The commits that wait, by where they begin. Seldom there at all.
    private SortedList<(long FirstRev, long Version), ChatCommit>? _held;
    private long _expected = lastRev;

    /// <summary>The rev up to which everything came out.</summary>
    public long LastRev { get; private set; } = lastRev;

    /// <summary>There is something behind what came out so far.</summary>
    public bool IsBehind => _expected > LastRev || _held is not null;

    /// <summary>
    /// Takes in a commit. True when it is its turn: then it comes back cut to what did not come out before, which may leave
    /// no event of it, and <see cref="TryNext"/> says whether it was waited for.
    /// </summary>
    public bool Offer(ref ChatCommit commit)
    {
        if (FirstOf(commit) <= LastRev + 1)
        {
            commit = TakeOut(commit);
            return true;
        }

        // With too many waiting, the repair brings what was in them; who came and went is found by the version.
        if (_held is { Count: >= MostHeld })
        {
            Expect(PositionOf(_held.GetValueAtIndex(_held.Count - 1)));
            _held.Clear();
        }

        _held ??= [];
        _held.TryAdd((FirstOf(commit), commit.MembersVersion), commit);
        return false;
    }

    /// <summary>The next of the waiting ones that follows without a hole, cut likewise.</summary>
    public bool TryNext(out ChatCommit commit)
    {
        commit = null!;
        if (_held is null)
            return false;
        var next = _held.GetValueAtIndex(0);
        if (FirstOf(next) > LastRev + 1)
            return false;
        _held.RemoveAt(0);
        if (_held.Count == 0)
            _held = null;
        commit = TakeOut(next);
        return true;
    }

    /// <summary>The chat has got there, says the database.</summary>
    public void Expect(long rev) => _expected = Math.Max(_expected, rev);

    /// <summary>A commit that came out could not be delivered: it is the next once more.</summary>
    public void PutBack(ChatCommit commit)
    {
        if (commit.Events.Count > 0)
            LastRev = commit.Events[0].Rev - 1;
        (_held ??= [])[(FirstOf(commit), commit.MembersVersion)] = commit;
    }

    /// <summary>Everything up to this rev was brought from the database.</summary>
    public void Repaired(long rev)
    {
        LastRev = Math.Max(LastRev, rev);
        _expected = LastRev;
    }

    private ChatCommit TakeOut(ChatCommit commit)
    {
        if (commit.Events.Count == 0)
            return commit;
        if (commit.Events[0].Rev <= LastRev)
            commit = commit with { Events = [.. commit.Events.Where(one => one.Rev > LastRev)] };
        LastRev = Math.Max(LastRev, PositionOf(commit));
        return commit;
    }

    private static long PositionOf(ChatCommit commit) => commit.Events.Count > 0 ? commit.Events[^1].Rev : 0;

    // A commit without events stands right behind where the chat was when it happened.
    private static long FirstOf(ChatCommit commit) => commit.Events.Count > 0 ? commit.Events[0].Rev : commit.HeadRev + 1;
}
