using Hypersend.Server.Platform.Threads;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>
/// Threads of their own for calls that may wait for a disk, so that a slow disk never holds the threads that answer people.
/// They are started as they are needed, up to a number, and then stay. Those for bulk work stand back behind who chats.
/// </summary>
internal sealed class DiskThreads(string name, int most, int niceness = 0) : IDisposable
{
    private readonly Queue<IThreadPoolWorkItem> _waiting = new();
    private int _threads;
    private int _idle;
    private bool _closed;

    /// <summary>What is queued must not throw: it has somebody to tell.</summary>
    public void Queue(IThreadPoolWorkItem work)
    {
        lock (_waiting)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _waiting.Enqueue(work);
            if (_idle > 0)
            {
                // Counted here and not when it wakes, or the next caller would count on the same thread.
                _idle--;
                Monitor.Pulse(_waiting);
            }
            else if (_threads < most)
            {
                _threads++;
                new Thread(Run) { Name = $"{name} {_threads}", IsBackground = true }.Start();
            }
        }
    }

    /// <summary>Runs a call on one of the threads; what the disk says is translated.</summary>
    public Task<T> RunAsync<T>(Func<T> call, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var once = new Once<T>(call, cancellation);
        Queue(once);
        return once.Task;
    }

    public Task RunAsync(Action call, CancellationToken cancellation) => RunAsync(
        () =>
        {
            call();
            return true;
        },
        cancellation);

    public void Dispose()
    {
        lock (_waiting)
        {
            _closed = true;
            Monitor.PulseAll(_waiting);
        }
    }

    private void Run()
    {
        if (niceness > 0)
            Niceness.OfThisThread(niceness);
        while (Next() is { } work)
            work.Execute();
    }

    private IThreadPoolWorkItem? Next()
    {
        lock (_waiting)
        {
            IThreadPoolWorkItem? work;
            while (!_waiting.TryDequeue(out work))
            {
                if (_closed)
                    return null;
                _idle++;
                Monitor.Wait(_waiting);
            }

            return work;
        }
    }

    private sealed class Once<T>(Func<T> call, CancellationToken cancellation)
        : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IThreadPoolWorkItem
    {
        public void Execute()
        {
            try
            {
                if (cancellation.IsCancellationRequested)
                    SetCanceled(cancellation);
                else
                    SetResult(call());
            }
            catch (Exception exception)
            {
                SetException(DiskErrors.Translate(exception));
            }
        }
    }
}
