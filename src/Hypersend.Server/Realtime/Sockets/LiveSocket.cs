using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Realtime.Fanout;
using Hypersend.Server.Realtime.Presence;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>An open socket as those see it who send to it. Nothing here waits for the client.</summary>
internal sealed partial class LiveSocket(SocketWheel wheel, PipeWriter output, Action abort, UserId user, SessionId session, ChatId? only)
    : Listener(user, session, only)
{
    // What happens while hello is read, to be sorted out when its answer is there. At first, what comes before the welcome.
    private List<(Seat? Seat, OutFrame Frame)>? _held = [];
    private bool _heldTooMuch;
    private bool _coversAll = true;
    private bool _wasActive;
    private long _heardAt;

    /// <summary>Where the wheel keeps it.</summary>
    public (int Slot, int Place) OnWheel { get; set; }

    /// <summary>Whom the client watches.</summary>
    public PresenceWatch? Watch { get; set; }

    /// <summary>Something came from the client.</summary>
    public void NoteActivity()
    {
        _wasActive = true;
        Volatile.Write(ref _heardAt, wheel.Clock.GetTimestamp());
    }

    public override long HeardAt => Volatile.Read(ref _heardAt);

    /// <summary>Whether something came from the client since this was last asked.</summary>
    public bool TakeActivity() => Interlocked.Exchange(ref _wasActive, false);

    public override void Hear(Seat seat, EventBatch batch)
    {
        OutFrame frame = batch;
        lock (Gate)
        {
            if (_state != State.Open)
                return;
            if (_held is not null)
            {
                Hold(seat, batch);
                return;
            }

            if (seat.Floor >= batch.FirstRev)
            {
                if (seat.Floor >= batch.LastRev)
                    return;
                frame = batch.After(seat.Floor);
            }

            if (!MustWrite(frame))
                return;
        }

        Write(frame.Bytes);
    }

    public override void Tell(OutFrame frame)
    {
        lock (Gate)
        {
            if (_state != State.Open)
                return;
            if (_held is not null && frame.Kind is FrameKind.Event or FrameKind.Passing)
            {
                if (frame.Kind == FrameKind.Event)
                    Hold(null, frame);
                return;
            }

            if (!MustWrite(frame))
                return;
        }

        Write(frame.Bytes);
    }

    /// <summary>Something that another telling makes up for. False when the client is behind: then it is not even queued.</summary>
    public bool TryPass(OutFrame frame)
    {
        lock (Gate)
        {
            if (_state != State.Open)
                return true;
            if (_held is not null || _isOverflowed || _queue?.Count > MostBefore)
                return false;
            if (!MustWrite(frame))
                return true;
        }

        Write(frame.Bytes);
        return true;
    }

    public override void TellRemoved(ChatId chat, OutFrame frame)
    {
        Tell(frame);
        if (Only == chat)
            Close(CloseCodes.Gone, "");
    }

    public override void Resync()
    {
        lock (Gate)
            _coversAll = true;
        LiveMetrics.Resynced();
        Tell(ResyncFrame);
    }

    public override void EndSession() => Close(CloseCodes.NotAuthenticated, ErrorCodes.SessionEnded);

    /// <summary>From now on events are kept back. True when the coming hello has to cover all chats, whatever it names.</summary>
    public bool Hold()
    {
        lock (Gate)
        {
            _held ??= [];
            (var all, _coversAll) = (_coversAll, false);
            return all;
        }
    }

    /// <summary>Lets out what was kept back and was not in what was read.</summary>
    public void Release(IEnumerable<ListenedChat> read, bool mustCoverAll = false)
    {
        bool mustWrite;
        bool lostSome;
        lock (Gate)
        {
            RaiseFloors(read);
            _coversAll |= mustCoverAll;
            (var held, _held) = (_held, null);
            (lostSome, _heldTooMuch) = (_heldTooMuch, false);
            foreach (var (seat, frame) in held ?? [])
            {
                if (seat is null || frame is not EventBatch batch)
                    Enqueue(frame);
                else if (batch.LastRev > seat.Floor)
                    Enqueue(batch.After(seat.Floor));
            }

            mustWrite = !_isWriting && _queue is not null && _state == State.Open;
            _isWriting |= mustWrite;
        }

        if (mustWrite && TakeNext(out var bytes))
            Write(bytes);
        if (lostSome)
            Resync();
    }

    /// <summary>Closes with a code. Events that wait for the client are dropped, answers are not.</summary>
    public void Close(int code, string reason)
    {
        if (CloseWith(CloseFrame(code, reason)))
            LiveMetrics.Closed(code);
    }

    public static OutFrame CloseFrame(int code, string reason)
    {
        Span<byte> payload = stackalloc byte[FrameHead.LongestControl];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        var length = sizeof(ushort) + Encoding.UTF8.GetBytes(reason, payload[sizeof(ushort)..]);
        return OutFrame.OfControl(FrameOpcode.Close, payload[..length]);
    }

    /// <summary>Nothing follows this frame. False when another close was on its way already.</summary>
    public bool CloseWith(OutFrame frame)
    {
        lock (Gate)
        {
            if (_state != State.Open)
                return false;
            (_state, _stateAt) = (State.Closing, wheel.Clock.GetTimestamp());
            _held = null;
            Drop(ofAnswersToo: _isTooSlow);
            wheel.Watch(this);
            if (!MustWrite(frame))
                return true;
        }

        Write(frame.Bytes);
        return true;
    }

    private void Hold(Seat? seat, OutFrame frame)
    {
        if (_heldTooMuch)
            return;
        _held!.Add((seat, frame));
        if (_held.Count <= MostQueued)
            return;
        _held.Clear();
        _heldTooMuch = true;
    }
}
