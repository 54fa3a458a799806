using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Realtime.Fanout;

/// <summary>
/// Whoever hears what happens in chats: a socket, or a long poll. Locks are taken in one order, the listener's before the
/// channel's; the fan-out holds no channel's lock while it calls listeners.
/// </summary>
internal abstract class Listener(UserId user, SessionId session, ChatId? only)
{
    private Seat[] _seats = [];
    private int _seatCount;
    private bool _hasLeft;

    public UserId User => user;

    /// <summary>It lives as long as its session.</summary>
    public SessionId Session => session;

    /// <summary>The one chat it wants to hear of; null for all.</summary>
    public ChatId? Only => only;

    /// <summary>Another listener of the same person. Guarded by the table of people.</summary>
    public Listener? Next { get; set; }

    /// <summary>The timestamp at which the client last sent something.</summary>
    public virtual long HeardAt => 0;

    protected Lock Gate { get; } = new();

    public bool Wants(ChatId chat) => only is not { } one || one == chat;

    /// <summary>Events of a chat, in their order. Never waits.</summary>
    public abstract void Hear(Seat seat, EventBatch batch);

    /// <summary>Something for this listener that has no rev. Never waits.</summary>
    public abstract void Tell(OutFrame frame);

    /// <summary>The person is not in that chat any more; the seat is taken away already.</summary>
    public virtual void TellRemoved(ChatId chat, OutFrame frame) => Tell(frame);

    /// <summary>Too much was lost to it: it has to say hello again.</summary>
    public abstract void Resync();

    public abstract void EndSession();

    /// <summary>Takes a seat; <see cref="SeatOutcome.Seated"/> also when it has one.</summary>
    public SeatOutcome Sit(ChatChannel channel, long membersVersion, long floor, long visibleFrom, out bool isNew)
    {
        lock (Gate)
        {
            isNew = false;
            var at = IndexOf(channel.No);
            if (at >= 0)
                return SeatOutcome.Seated;
            if (_hasLeft)
                return SeatOutcome.Left;
            var seat = new Seat(this, channel) { Floor = floor, VisibleFrom = visibleFrom };
            var outcome = channel.Add(seat, membersVersion);
            if (outcome != SeatOutcome.Seated)
                return outcome;
            Insert(~at, seat);
            isNew = true;
            return SeatOutcome.Seated;
        }
    }

    /// <summary>Gives up the seat in one chat; false when there is none.</summary>
    public bool Leave(ChatChannel channel)
    {
        lock (Gate)
        {
            var at = IndexOf(channel.No);
            if (at < 0)
                return false;
            channel.Remove(_seats[at]);
            _seatCount--;
            Array.Copy(_seats, at + 1, _seats, at, _seatCount - at);
            _seats[_seatCount] = null!;
            return true;
        }
    }

    /// <summary>Gives up all seats for good.</summary>
    public void LeaveAll()
    {
        lock (Gate)
        {
            _hasLeft = true;
            foreach (var seat in _seats.AsSpan(0, _seatCount))
                seat.Channel.Remove(seat);
            (_seats, _seatCount) = ([], 0);
        }
    }

    public bool HasSeat(long chatNo)
    {
        lock (Gate)
            return IndexOf(chatNo) >= 0;
    }

    /// <summary>The chats it listens to, or those of them in which something happened since a beat.</summary>
    public void CollectChannels(List<ChatChannel> into, long movedSince = long.MinValue)
    {
        lock (Gate)
        {
            foreach (var seat in _seats.AsSpan(0, _seatCount))
            {
                if (seat.Channel.MovedAt >= movedSince)
                    into.Add(seat.Channel);
            }
        }
    }

    /// <summary>The channel of a chat it listens to.</summary>
    public ChatChannel? Find(ChatId chat)
    {
        lock (Gate)
        {
            foreach (var seat in _seats.AsSpan(0, _seatCount))
            {
                if (seat.Channel.Id == chat)
                    return seat.Channel;
            }
        }

        return null;
    }

    /// <summary>What was read up to these revs is not to be heard again.</summary>
    protected void RaiseFloors(IEnumerable<ListenedChat> read)
    {
        foreach (var chat in read)
        {
            var at = IndexOf(chat.No);
            if (at >= 0)
                _seats[at].Floor = Math.Max(_seats[at].Floor, chat.Rev);
        }
    }

    private void Insert(int at, Seat seat)
    {
        if (_seatCount == _seats.Length)
            Array.Resize(ref _seats, _seatCount == 0 ? 1 : _seatCount < 4 ? 4 : _seatCount * 2);
        Array.Copy(_seats, at, _seats, at + 1, _seatCount - at);
        _seats[at] = seat;
        _seatCount++;
    }

    // By chat number, in order: a person with a thousand chats finds one of them in ten steps and without a dictionary.
    private int IndexOf(long chatNo)
    {
        var (low, high) = (0, _seatCount - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var no = _seats[middle].Channel.No;
            if (no == chatNo)
                return middle;
            if (no < chatNo)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return ~low;
    }
}

/// <summary>What came of asking for a seat.</summary>
internal enum SeatOutcome
{
    Seated,

    /// <summary>The channel was given up meanwhile; a new one has to be made.</summary>
    ChannelGone,

    /// <summary>The list of members has moved since the membership was read.</summary>
    Doubtful,

    /// <summary>The listener itself is closed.</summary>
    Left,
}
