using System.Buffers;
using System.IO.Pipelines;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Realtime.Fanout;

namespace Hypersend.Server.Realtime.Sockets;

/// <content>
/// The way out. While the client reads, a frame goes straight to the connection and nothing is queued. What comes while a
/// write is under way waits, and leaves as one array.
/// </content>
internal sealed partial class LiveSocket
{
    private const int MostQueued = 2_000;
    private const int MostQueuedBytes = 1024 * 1024;
    private const int MostBefore = 16;

    private static readonly TimeSpan SlowFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClosingFor = TimeSpan.FromSeconds(5);
    private static readonly OutFrame ResyncFrame = OutFrame.Of("""{"type":"resync"}"""u8, FrameKind.Answer);

    // All guarded by the gate.
    private State _state;
    private long _stateAt;
    private bool _isWriting;
    private long _stuckAt;
    private Queue<OutFrame>? _queue;
    private int _eventBytes;
    private int _answerBytes;
    private bool _isOverflowed;
    private bool _isTooSlow;
    private byte[]? _joined;
    private TaskCompletionSource? _drained;
    private TaskCompletionSource? _roomMade;

    private enum State
    {
        Open,

        /// <summary>The close frame is on its way; nothing follows it.</summary>
        Closing,
        Closed,
    }

    public bool IsOpen => _state == State.Open;

    private bool IsOverfull => _isOverflowed || _answerBytes > MostQueuedBytes;

    /// <summary>Done at once unless the client leaves too many answers unread: then it is not read from either.</summary>
    public Task WhenRoomAsync()
    {
        if (_answerBytes <= MostQueuedBytes)
            return Task.CompletedTask;
        lock (Gate)
        {
            return _answerBytes <= MostQueuedBytes || _state == State.Closed
                ? Task.CompletedTask
                : (_roomMade ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>When all that was queued is with the connection.</summary>
    public Task WhenDrainedAsync()
    {
        lock (Gate)
        {
            return _isWriting
                ? (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task
                : Task.CompletedTask;
        }
    }

    /// <summary>
    /// For the last one who uses the connection: afterwards nothing is written to it any more, not even by a write that was
    /// under way.
    /// </summary>
    public async Task EndAsync()
    {
        lock (Gate)
        {
            _state = State.Closed;
            Drop(ofAnswersToo: true);
        }

        var drained = WhenDrainedAsync();
        if (!drained.IsCompleted)
        {
            Abort();
            await drained;
        }
    }

    /// <summary>Cuts the connection; whoever reads or writes on it finds out.</summary>
    public void Abort() => abort();

    /// <summary>
    /// Looks after a client that does not read; false when that is over. One that takes nothing for ten seconds is closed,
    /// and one that does not answer a close is cut off.
    /// </summary>
    public bool LookAfter()
    {
        lock (Gate)
        {
            switch (_state)
            {
                case State.Closed:
                    return false;
                case State.Open when !IsOverfull:
                    return false;
                case State.Open when _stuckAt == 0 || wheel.Clock.GetElapsedTime(_stuckAt) < SlowFor:
                    return true;
                case State.Closing when wheel.Clock.GetElapsedTime(_stateAt) < (_isTooSlow ? SlowFor : ClosingFor):
                    return true;
                case State.Closing:
                    break;
                default:
                    _isTooSlow = true;
                    break;
            }
        }

        if (IsOpen)
            Close(CloseCodes.TooSlow, "");
        else
            Abort();
        return IsOpen;
    }

    /// <summary>True when the caller has to write it now; otherwise it waits its turn. Under the gate.</summary>
    private bool MustWrite(OutFrame frame)
    {
        if (!_isWriting)
            return _isWriting = true;
        Enqueue(frame);
        return false;
    }

    private void Enqueue(OutFrame frame)
    {
        if (frame.Kind is FrameKind.Answer or FrameKind.Control)
        {
            _answerBytes += frame.Length;
            if (_answerBytes > MostQueuedBytes)
                wheel.Watch(this);
        }
        else if (_isOverflowed || (frame.Kind == FrameKind.Passing && _queue?.Count > MostBefore))
        {
            return;
        }
        else if (_eventBytes + frame.Length > MostQueuedBytes || _queue?.Count >= MostQueued)
        {
            Overflow();
            return;
        }
        else
        {
            _eventBytes += frame.Length;
        }

        (_queue ??= new Queue<OutFrame>()).Enqueue(frame);
    }

    /// <summary>All events that wait are dropped, and those that come before the client has read this far.</summary>
    private void Overflow()
    {
        Drop(ofAnswersToo: false);
        (_isOverflowed, _coversAll) = (true, true);
        LiveMetrics.Resynced();
        Enqueue(ResyncFrame);
        wheel.Watch(this);
    }

    private void Drop(bool ofAnswersToo)
    {
        if (ofAnswersToo)
        {
            (_queue, _eventBytes, _answerBytes) = (null, 0, 0);
            MakeRoom();
        }

        if (_queue is null)
            return;
        var kept = _queue.Where(frame => frame.Kind is FrameKind.Answer or FrameKind.Control).ToArray();
        _queue = kept.Length == 0 ? null : new Queue<OutFrame>(kept);
        _eventBytes = 0;
    }

    private void MakeRoom()
    {
        if (_answerBytes > MostQueuedBytes)
            return;
        _roomMade?.TrySetResult();
        _roomMade = null;
    }

    private void Write(ReadOnlyMemory<byte> bytes)
    {
        do
        {
            var writing = StartWriting(bytes);
            if (!writing.IsCompletedSuccessfully)
            {
                _ = FinishAsync(writing);
                return;
            }
        }
        while (TakeNext(out bytes));
    }

    private ValueTask<FlushResult> StartWriting(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return output.WriteAsync(bytes);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<FlushResult>(exception);
        }
    }

    private async Task FinishAsync(ValueTask<FlushResult> writing)
    {
        _stuckAt = wheel.Clock.GetTimestamp();
        try
        {
            await writing;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection is gone. The reader finds out too, and ends the socket.
            lock (Gate)
            {
                _state = State.Closed;
                Drop(ofAnswersToo: true);
            }
        }

        _stuckAt = 0;
        if (TakeNext(out var bytes))
            Write(bytes);
    }

    /// <summary>What waits, as one frame; false when nothing does, and then nobody is writing any more.</summary>
    private bool TakeNext(out ReadOnlyMemory<byte> bytes)
    {
        lock (Gate)
        {
            if (_joined is { } used)
                ArrayPool<byte>.Shared.Return(used);
            _joined = null;
            if (_queue is null)
            {
                bytes = default;
                _isWriting = false;
                _drained?.TrySetResult();
                _drained = null;
                return false;
            }

            bytes = Join(_queue);
            if (_queue.Count == 0)
                _queue = null;
            MakeRoom();
            return true;
        }
    }

    private ReadOnlyMemory<byte> Join(Queue<OutFrame> queue)
    {
        var first = Take(queue);
        var length = first.Objects.Length;
        if (first.Kind == FrameKind.Control || !MayJoin(queue, length))
            return first.Bytes;

        _joined = ArrayPool<byte>.Shared.Rent(FrameHead.LongestWritten + OutFrame.MostJoinedBytes + 2);
        var at = FrameHead.LongestWritten;
        _joined[at++] = (byte)'[';
        first.Objects.CopyTo(_joined.AsSpan(at));
        at += length;
        while (MayJoin(queue, at - FrameHead.LongestWritten))
        {
            var next = Take(queue).Objects;
            _joined[at++] = (byte)',';
            next.CopyTo(_joined.AsSpan(at));
            at += next.Length;
        }

        _joined[at++] = (byte)']';
        var start = FrameHead.WriteBefore(_joined, FrameHead.LongestWritten, FrameOpcode.Text, at - FrameHead.LongestWritten);
        return _joined.AsMemory(start, at - start);
    }

    private static bool MayJoin(Queue<OutFrame> queue, int length) =>
        queue.TryPeek(out var next) && next.Kind != FrameKind.Control && length + 1 + next.Objects.Length <= OutFrame.MostJoinedBytes;

    private OutFrame Take(Queue<OutFrame> queue)
    {
        var frame = queue.Dequeue();
        if (frame.Kind is FrameKind.Answer or FrameKind.Control)
            _answerBytes -= frame.Length;
        else
            _eventBytes -= frame.Length;

        // What comes from here on is behind the word to resync, and the client's hello will be too.
        if (frame == ResyncFrame)
            _isOverflowed = false;
        return frame;
    }
}
