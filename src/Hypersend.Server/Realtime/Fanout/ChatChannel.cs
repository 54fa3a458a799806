using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Realtime.Fanout;

/// <summary>
/// One chat that somebody here listens to. What comes for it waits in a list that is worked off by one thread at a time,
/// all that waits at once: the longer a round takes, the more events leave in one frame.
/// </summary>
internal sealed partial class ChatChannel(LiveHub hub, ListenedChat chat) : IThreadPoolWorkItem
{
    // A pipe to a socket takes 64 KiB before it says that it is full.
    private const int MostBytes = 48 * 1024;
    private const int MostEvents = 256;

    private readonly Lock _gate = new();
    private readonly ChatOrder _order = new(chat.Rev);

    // Guarded by the gate.
    private List<BusMessage>? _inbox;
    private Seat[] _seats = [];
    private int _seatCount;
    private bool _isRunning;
    private bool _isGone;
    private bool _isRowOld;
    private long _membersVersion = chat.MembersVersion;

    // Only for the thread that runs.
    private readonly List<ChatEvent> _ready = [];
    private Seat[] _row = [];
    private int _rowCount;

    public long No { get; } = chat.No;

    public ChatId Id { get; } = chat.Id;

    public string Type { get; } = chat.Type;

    /// <summary>How many are in the chat, as far as it was heard of.</summary>
    public int MemberCount { get; private set; } = chat.MemberCount;

    /// <summary>The rev up to which everything came here.</summary>
    public long LastRev => _order.LastRev;

    /// <summary>The rev up to which everything was handed to the listeners.</summary>
    public long HandedRev { get; private set; } = chat.Rev;

    public long MembersVersion => _membersVersion;

    /// <summary>The hub's beat at which something happened last.</summary>
    public long MovedAt { get; private set; } = -1;

    /// <summary>False when the channel was given up.</summary>
    public bool Post(BusMessage message)
    {
        lock (_gate)
        {
            if (_isGone)
                return false;
            (_inbox ??= []).Add(message);
            if (_isRunning)
                return true;
            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    public SeatOutcome Add(Seat seat, long membersVersion)
    {
        lock (_gate)
        {
            if (_isGone)
                return SeatOutcome.ChannelGone;
            if (membersVersion < _membersVersion)
                return SeatOutcome.Doubtful;
            if (_seatCount == _seats.Length)
                Array.Resize(ref _seats, _seatCount == 0 ? 1 : _seatCount < 4 ? 4 : _seatCount * 2);
            seat.Place = _seatCount;
            _seats[_seatCount++] = seat;
            _isRowOld = true;
            return SeatOutcome.Seated;
        }
    }

    public void Remove(Seat seat)
    {
        lock (_gate)
        {
            _seatCount--;
            _seats[seat.Place] = _seats[_seatCount];
            _seats[seat.Place].Place = seat.Place;
            _seats[_seatCount] = null!;
            _isRowOld = true;
        }

        GiveUpWhenEmpty();
    }

    /// <summary>Nobody listens and nothing waits: the hub need not keep it.</summary>
    public void GiveUpWhenEmpty()
    {
        lock (_gate)
        {
            if (_seatCount > 0 || _isRunning || _isGone)
                return;
            _isGone = true;
        }

        hub.Forget(this);
    }

    public void CollectListeners(ISet<Listener> into)
    {
        lock (_gate)
        {
            foreach (var seat in _seats.AsSpan(0, _seatCount))
                into.Add(seat.Listener);
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        while (TakeInbox() is { } messages)
        {
            try
            {
                foreach (var message in messages)
                    await HandleAsync(message);
                Flush();
            }
            catch (Exception exception)
            {
                // A bug: whatever was lost by it is in the database.
                Broke(hub.Log, No, exception);
                _ready.Clear();
                ResyncAll();
            }
        }

        GiveUpWhenEmpty();
    }

    private List<BusMessage>? TakeInbox()
    {
        lock (_gate)
        {
            var inbox = _inbox;
            _inbox = null;
            _isRunning = inbox is not null;
            return inbox;
        }
    }

    private ValueTask HandleAsync(BusMessage message)
    {
        switch (message)
        {
            case ChatCommit commit:
                return TakeInAsync(commit);
            case ChatNotice notice:
                Flush();
                Pass(notice);
                return default;
            case HeadSeen seen:
                return LookAtAsync(seen.Head);
            case NewcomersSeen seen:
                return SeatFoundAsync(seen);
            case HoleIsOld:
                return MendAsync();
            default:
                throw new InvalidOperationException($"A channel knows no {message.GetType().Name}.");
        }
    }

    private void Pass(ChatNotice notice)
    {
        var frame = OutFrame.Of(notice.Json.Span, notice.Kind == NoticeKind.Typing ? FrameKind.Passing : FrameKind.Event);
        foreach (var seat in Row())
        {
            if (seat.Listener.User != notice.From)
                seat.Listener.Tell(frame);
        }
    }

    /// <summary>Hands all that is ready to the listeners, as few frames.</summary>
    private void Flush()
    {
        if (_ready.Count == 0)
            return;
        var row = Row();
        if (row.Length > 0)
        {
            var events = _ready.ToArray();
            for (var from = 0; from < events.Length;)
            {
                var batch = EventBatch.Of(new ArraySegment<ChatEvent>(events, from, Fitting(events.AsSpan(from))));
                foreach (var seat in row)
                    seat.Listener.Hear(seat, batch.OldestSeq > seat.VisibleFrom ? batch : batch.Without(seat.VisibleFrom, Id));
                LiveMetrics.Delivered(batch.Count, row.Length);
                from += batch.Count;
            }
        }

        (HandedRev, MovedAt) = (_ready[^1].Rev, hub.Beat);
        _ready.Clear();
    }

    private static int Fitting(ReadOnlySpan<ChatEvent> events)
    {
        var bytes = events[0].Json.Length;
        var count = 1;
        while (count < events.Length && count < MostEvents && (bytes += events[count].Json.Length + 1) <= MostBytes)
            count++;
        return count;
    }

    private void ResyncAll()
    {
        foreach (var seat in Row())
            seat.Listener.Resync();
    }

    /// <summary>Who listens now. Kept until somebody comes or goes, so that no lock is held while they are called.</summary>
    private ReadOnlySpan<Seat> Row()
    {
        lock (_gate)
        {
            if (_isRowOld)
            {
                if (_row.Length < _seatCount)
                    _row = new Seat[_seats.Length];
                Array.Copy(_seats, _row, _seatCount);
                if (_rowCount > _seatCount)
                    Array.Clear(_row, _seatCount, _rowCount - _seatCount);
                (_rowCount, _isRowOld) = (_seatCount, false);
            }
        }

        return _row.AsSpan(0, _rowCount);
    }

    private UserId[] Users()
    {
        var users = new HashSet<UserId>();
        foreach (var seat in Row())
            users.Add(seat.Listener.User);
        return [.. users];
    }

    [LoggerMessage(330, LogLevel.Error, "The events of chat {ChatNo} broke on their way; its listeners start afresh")]
    private static partial void Broke(ILogger log, long chatNo, Exception exception);
}

/// <summary>The database says how far a chat is.</summary>
internal sealed record HeadSeen(ChatHead Head) : BusMessage;

/// <summary>The database says who came in.</summary>
internal sealed record NewcomersSeen(ChatHead Head, IReadOnlyList<MemberMove> Moves) : BusMessage;

/// <summary>Something was missing, and the time in which it might have come by itself is over.</summary>
internal sealed record HoleIsOld : BusMessage
{
    public static HoleIsOld Instance { get; } = new();
}
