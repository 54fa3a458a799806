using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>The sends of one socket that are not answered yet, in their order.</summary>
internal sealed class PendingSends
{
    private readonly Queue<(byte[] Id, ValueTask<Result<SendOutcome>> Sending)> _waiting = new();
    private TaskCompletionSource? _fell;
    private int _count;
    private int _awaited;
    private bool _isServed;

    /// <summary>The next one is answered already, so both can be told together.</summary>
    public bool HasFollower
    {
        get
        {
            lock (_waiting)
                return _waiting.TryPeek(out var next) && next.Sending.IsCompleted;
        }
    }

    /// <summary>True when the caller has to see to the answers from here on.</summary>
    public bool Add(byte[] id, ValueTask<Result<SendOutcome>> sending)
    {
        lock (_waiting)
        {
            _waiting.Enqueue((id, sending));
            _count++;
            return !_isServed && (_isServed = true);
        }
    }

    /// <summary>False when there is none: then nobody sees to the answers any more.</summary>
    public bool TryNext(out byte[] id, out ValueTask<Result<SendOutcome>> sending)
    {
        lock (_waiting)
        {
            _isServed = _waiting.TryDequeue(out var next);
            (id, sending) = next;
            return _isServed;
        }
    }

    public void Done()
    {
        lock (_waiting)
        {
            if (--_count > _awaited)
                return;
            _fell?.TrySetResult();
            _fell = null;
        }
    }

    /// <summary>When no more than so many are unanswered.</summary>
    public Task WhenFallenToAsync(int count)
    {
        if (Volatile.Read(ref _count) <= count)
            return Task.CompletedTask;
        lock (_waiting)
        {
            if (_count <= count)
                return Task.CompletedTask;
            _awaited = count;
            return (_fell = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
