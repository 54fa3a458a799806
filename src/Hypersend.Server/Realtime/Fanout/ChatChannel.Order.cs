using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;

namespace Hypersend.Server.Realtime.Fanout;

/// <content>Commits in their order, holes mended, and nobody hears what is not theirs any more.</content>
internal sealed partial class ChatChannel
{
    private const int MostAskedAtOnce = 500;

    private static readonly TimeSpan HoldFor = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    // Somebody will post HoleIsOld.
    private bool _isWaiting;

    // The database did not answer; what needs it waits.
    private bool _isStuck;

    private long _expectedVersion;

    private ValueTask TakeInAsync(ChatCommit commit)
    {
        if (!_order.Offer(ref commit))
        {
            WaitForTheRest(HoldFor);
            return default;
        }

        if (!TryDeliver(commit))
            return DeliverAllAsync(commit);
        return _order.IsBehind ? DeliverWaitingAsync() : default;
    }

    /// <summary>The usual case: the list of members is the one we know.</summary>
    private bool TryDeliver(ChatCommit commit)
    {
        if (commit.Moves.Count > 0 || commit.MembersVersion > _membersVersion + 1)
            return false;
        SetMembersVersion(commit.MembersVersion);
        _ready.AddRange(commit.Events);
        return true;
    }

    private async ValueTask DeliverAllAsync(ChatCommit commit)
    {
        await DeliverAsync(commit);
        await DeliverWaitingAsync();
    }

    private async ValueTask DeliverWaitingAsync()
    {
        while (!_isStuck && _order.TryNext(out var next))
        {
            if (!TryDeliver(next))
                await DeliverAsync(next);
        }

        if (_order.IsBehind)
            WaitForTheRest(_isStuck ? TryAgainAfter : HoldFor);
    }

    private async ValueTask DeliverAsync(ChatCommit commit)
    {
        if (commit.MembersVersion <= _membersVersion)
        {
            // Late: who left was found by the version meanwhile. Who came may have gone again.
            _ready.AddRange(commit.Events);
            await SeatStillMembersAsync(commit.Moves);
            return;
        }

        Flush();
        foreach (var move in commit.Moves)
        {
            if (!move.In)
                Dismiss(move.User, OutFrame.Of(move.Json.Span, FrameKind.Event));
        }

        var isNext = commit.MembersVersion == _membersVersion + 1;
        if (!isNext && !await CheckMembersAsync(commit.MembersVersion))
        {
            _order.PutBack(commit);
            return;
        }

        SetMembersVersion(commit.MembersVersion);
        _ready.AddRange(commit.Events);
        if (_membersVersion > commit.MembersVersion)
        {
            await SeatStillMembersAsync(commit.Moves);
            return;
        }

        if (commit.Moves.Count == 0)
            return;
        Flush();
        MemberCount = commit.MemberCount ?? MemberCount;
        foreach (var move in commit.Moves)
        {
            if (move.In)
                Welcome(move, commit.MembersVersion);
        }
    }

    private void SetMembersVersion(long version)
    {
        lock (_gate)
            _membersVersion = Math.Max(_membersVersion, version);
    }

    /// <summary>From here on their devices hear the chat, and first that it is there.</summary>
    private void Welcome(MemberMove move, long version)
    {
        OutFrame? frame = null;
        foreach (var listener in hub.ListenersOf(move.User))
        {
            if (!listener.Wants(Id) || listener.Sit(this, version, _order.LastRev, move.VisibleFrom, out var isNew) != SeatOutcome.Seated || !isNew)
                continue;
            listener.Tell(frame ??= OutFrame.Of(move.Json.Span, FrameKind.Event));
        }
    }

    private void Dismiss(UserId user, OutFrame frame)
    {
        foreach (var listener in hub.ListenersOf(user))
        {
            if (listener.Leave(this))
                listener.TellRemoved(Id, frame);
        }
    }

    private async ValueTask SeatStillMembersAsync(IReadOnlyList<MemberMove> comers)
    {
        var moves = comers.Where(move => move.In && hub.ListenersOf(move.User).Exists(one => one.Wants(Id) && !one.HasSeat(No))).ToArray();
        if (moves.Length == 0)
            return;
        Flush();
        try
        {
            var (version, members) = await hub.Store.MembersAmongAsync(No, [.. moves.Select(move => move.User)], CancellationToken.None);
            foreach (var move in moves.Where(move => members.Contains(move.User)))
                Welcome(move, version);
        }
        catch (Exception exception)
        {
            // The poll finds them once more, or else their next hello finds the chat.
            NotRead(hub.Log, No, exception);
        }
    }

    /// <summary>Who was found to be in the chat begins where the chat is now, not amid what was missed here.</summary>
    private async ValueTask SeatFoundAsync(NewcomersSeen seen)
    {
        _order.Expect(seen.Head.Rev);
        _expectedVersion = Math.Max(_expectedVersion, seen.Head.MembersVersion);
        if (_order.IsBehind || _expectedVersion > _membersVersion)
            await MendAsync();
        await SeatStillMembersAsync(seen.Moves);
    }

    /// <summary>Takes the seats from those who are not in the chat any more; false when that could not be found out.</summary>
    private async ValueTask<bool> CheckMembersAsync(long atLeast)
    {
        Flush();
        try
        {
            var least = long.MaxValue;
            foreach (var users in Users().Chunk(MostAskedAtOnce))
            {
                var (version, members) = await hub.Store.MembersAmongAsync(No, users, CancellationToken.None);
                least = Math.Min(least, version);
                var gone = users.Except(members).ToArray();
                if (gone.Length == 0)
                    continue;
                var removed = new ChatEventFrame { Type = EventTypes.ChatRemoved, ChatId = Id, Rev = _order.LastRev };
                var frame = OutFrame.Of(EventJson.Of(removed, HypersendJson.Wire.ChatEventFrame).Span, FrameKind.Event);
                foreach (var user in gone)
                    Dismiss(user, frame);
            }

            SetMembersVersion(least == long.MaxValue ? atLeast : least);
            _isStuck = false;
            return true;
        }
        catch (Exception exception)
        {
            NotRead(hub.Log, No, exception);
            _isStuck = true;
            return false;
        }
    }

    private ValueTask LookAtAsync(ChatHead head)
    {
        _order.Expect(head.Rev);
        _expectedVersion = Math.Max(_expectedVersion, head.MembersVersion);
        if (_order.IsBehind || _expectedVersion > _membersVersion)
            WaitForTheRest(HoldFor);
        return default;
    }

    private void WaitForTheRest(TimeSpan patience)
    {
        if (_isWaiting)
            return;
        _isWaiting = true;
        _ = WakeAsync(patience);
    }

    private async Task WakeAsync(TimeSpan patience)
    {
        await Task.Delay(patience, hub.Clock);
        Post(HoleIsOld.Instance);
    }

    /// <summary>What did not come by the bus is read from the database.</summary>
    private async ValueTask MendAsync()
    {
        (_isWaiting, _isStuck) = (false, false);
        await DeliverWaitingAsync();
        if (_order.IsBehind && !_isStuck)
            await RepairAsync();
        else if (_expectedVersion > _membersVersion && !await CheckMembersAsync(_expectedVersion))
            WaitForTheRest(TryAgainAfter);
    }

    private async ValueTask RepairAsync()
    {
        Flush();
        try
        {
            var heads = await hub.Store.HeadsAsync([No], CancellationToken.None);
            var head = heads.Count > 0 ? heads[0].Rev : _order.LastRev;
            var changes = await hub.Store.ChangesAsync(No, _order.LastRev, CancellationToken.None);

            // Read after the changes: who is found a member now was one when they happened, or may read them anyway.
            if (!await CheckMembersAsync(_expectedVersion))
            {
                WaitForTheRest(TryAgainAfter);
                return;
            }

            LiveMetrics.Repaired();
            if (changes is null)
                ResyncAll();
            else
                head = AddUpTo(head, changes);
            _order.Repaired(head);
        }
        catch (Exception exception)
        {
            NotRead(hub.Log, No, exception);
            _isStuck = true;
        }

        await DeliverWaitingAsync();
    }

    /// <summary>
    /// A row that changed twice comes once, with its last rev. The listeners' cursors have to pass the other revs too.
    /// </summary>
    private long AddUpTo(long head, IReadOnlyList<ChatEvent> changes)
    {
        var last = _order.LastRev;
        foreach (var change in changes)
        {
            PassTo(change.Rev - 1);
            if (change.Rev > last)
                _ready.Add(change);
            last = Math.Max(last, change.Rev);
        }

        PassTo(head);
        return last;

        void PassTo(long rev)
        {
            while (last < rev)
                _ready.Add(new ChatEvent(++last, EventJson.OfPassed(Id, last)));
        }
    }

    [LoggerMessage(331, LogLevel.Warning, "What chat {ChatNo} missed could not be read yet")]
    private static partial void NotRead(ILogger log, long chatNo, Exception exception);
}
