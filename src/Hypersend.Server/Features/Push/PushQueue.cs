using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Push;

/// <summary>
/// What waits to be sent from this node, each at its time. Of one device and one chat only one waits, and it waits until the
/// one before is done: what comes later would replace it at the push service. When it is full, what comes is dropped: a push
/// is a hint, and the message is where it was.
/// </summary>
internal sealed class PushQueue(TimeProvider clock, int limit = PushQueue.Limit)
{
    public const int Limit = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(SubscriptionId, ChatId?), Entry> _waiting = [];
    private readonly PriorityQueue<Entry, (DateTimeOffset Due, long No)> _order = new();
    private readonly HashSet<(SubscriptionId, ChatId?)> _running = [];
    private TaskCompletionSource _changed = NewSignal();
    private long _no;

    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>False when it was dropped. A retry came before what waits already.</summary>
    public bool TryAdd(PushJob job, TimeSpan delay = default, bool isRetry = false)
    {
        lock (_gate)
        {
            var key = (job.Device, job.Chat);
            if (_waiting.TryGetValue(key, out var other))
            {
                // It keeps its place: who writes much must not keep a device waiting.
                other.Job = (isRetry ? PushJob.Merge(job, other.Job) : PushJob.Merge(other.Job, job)) with { Tries = other.Job.Tries };
                return true;
            }

            if (_waiting.Count >= limit)
            {
                PushMetrics.Shed();
                return false;
            }

            var entry = new Entry(job);
            _waiting.Add(key, entry);
            _order.Enqueue(entry, (clock.GetUtcNow() + delay, ++_no));
            PushMetrics.Queued(1);
            _changed.TrySetResult();
            return true;
        }
    }

    /// <summary>The next that is due; waits for it. It has to be said when it is <see cref="Done"/>.</summary>
    public async ValueTask<PushJob> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            var wait = Timeout.InfiniteTimeSpan;
            lock (_gate)
            {
                while (_order.TryPeek(out var entry, out var place))
                {
                    if (place.Due > clock.GetUtcNow())
                    {
                        wait = place.Due - clock.GetUtcNow();
                        break;
                    }

                    _order.Dequeue();
                    var key = (entry.Job.Device, entry.Job.Chat);
                    if (!_running.Add(key))
                    {
                        entry.IsHeld = true;
                        continue;
                    }

                    _waiting.Remove(key);
                    PushMetrics.Queued(-1);
                    return entry.Job;
                }

                if (_changed.Task.IsCompleted)
                    _changed = NewSignal();
                changed = _changed.Task;
            }

            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(changed, Task.Delay(wait > TimeSpan.Zero || wait == Timeout.InfiniteTimeSpan ? wait : TimeSpan.FromMilliseconds(1), clock, over.Token));
            await over.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    public void Done(PushJob job)
    {
        lock (_gate)
        {
            var key = (job.Device, job.Chat);
            _running.Remove(key);
            if (!_waiting.TryGetValue(key, out var entry) || !entry.IsHeld)
                return;
            entry.IsHeld = false;
            _order.Enqueue(entry, (clock.GetUtcNow(), ++_no));
            _changed.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Entry(PushJob job)
    {
        public PushJob Job { get; set; } = job;

        /// <summary>Its time came while the one before was on its way.</summary>
        public bool IsHeld { get; set; }
    }
}
