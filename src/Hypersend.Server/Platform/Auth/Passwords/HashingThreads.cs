namespace Hypersend.Server.Platform.Auth.Passwords;

/// <summary>A few threads of low priority with a bounded queue, so that a storm of logins does not slow the chat.</summary>
internal sealed class HashingThreads : IDisposable
{
    // 10 cost others 6 ms at the 99th percentile, 15 and 19 less than 4; at 19 nobody could sign in to a busy server.
    private const int Niceness = 15;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly LinkedList<Job> _waiting = new();
    private readonly Thread[] _threads;
    private readonly int _limit;
    private bool _disposed;

    public HashingThreads(int threads, int limit)
    {
        _limit = limit;
        _threads = new Thread[Math.Max(1, threads)];
        for (var i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Run) { IsBackground = true, Name = "password-hashing" };
            _threads[i].Start();
        }
    }

    public int QueueLength
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    public Task<T> RunAsync<T>(Func<Bcrypt, T> work, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
            return Task.FromCanceled<T>(ct);
        var job = new Job<T>(work);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_waiting.Count >= _limit)
                throw new HashingBusyException();
            job.Place = _waiting.AddLast(job);
            _work.Release();
        }
        if (ct.CanBeCanceled)
            _ = DropWhenCancelledAsync(job, ct);
        return job.Task;
    }

    public void Dispose()
    {
        Job[] left;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            left = [.. _waiting];
            _waiting.Clear();
        }
        foreach (var job in left)
            job.Cancel(new CancellationToken(canceled: true));
        _work.Release(_threads.Length);
        foreach (var thread in _threads)
            thread.Join();
        _work.Dispose();
    }

    private async Task DropWhenCancelledAsync<T>(Job<T> job, CancellationToken ct)
    {
        await using var registration = ct.UnsafeRegister(_ => Drop(job, ct), null);
        await ((Task)job.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Drop(Job job, CancellationToken ct)
    {
        lock (_gate)
        {
            if (job.Place?.List is null)
                return; // being hashed, or done
            _waiting.Remove(job.Place);
        }
        job.Cancel(ct);
    }

    private void Run()
    {
        Threads.Niceness.OfThisThread(Niceness);
        using var bcrypt = new Bcrypt();
        while (true)
        {
            _work.Wait();
            Job? job = null;
            lock (_gate)
            {
                if (_waiting.First is { } first)
                {
                    job = first.Value;
                    _waiting.RemoveFirst();
                }
                else if (_disposed)
                {
                    return;
                }
            }
            job?.Run(bcrypt); // none: the job of this turn was dropped
        }
    }

    private abstract class Job
    {
        public LinkedListNode<Job>? Place { get; set; }

        public abstract void Run(Bcrypt bcrypt);

        public abstract void Cancel(CancellationToken ct);
    }

    private sealed class Job<T>(Func<Bcrypt, T> work) : Job
    {
        // Continuations must not run on the slow threads.
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Task => _done.Task;

        public override void Run(Bcrypt bcrypt)
        {
            try
            {
                _done.TrySetResult(work(bcrypt));
            }
            catch (Exception failure)
            {
                _done.TrySetException(failure);
            }
        }

        public override void Cancel(CancellationToken ct) => _done.TrySetCanceled(ct);
    }
}
