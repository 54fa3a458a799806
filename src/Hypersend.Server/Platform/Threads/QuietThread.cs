using System.Collections.Concurrent;

namespace Hypersend.Server.Platform.Threads;

/// <summary>One thread of low priority for work that can wait: it gets what nobody else wants of the processors.</summary>
internal sealed class QuietThread : IDisposable
{
    public const int Lowest = 19;

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private readonly int _niceness;

    /// <param name="name">Of the thread.</param>
    /// <param name="niceness">At the lowest it hardly moves while others want all processors; at 10 it still gets a tenth.</param>
    public QuietThread(string name, int niceness = Lowest)
    {
        _niceness = niceness;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>
    /// Runs work that waits in between; after each wait it goes on here, and whoever waits for all of it goes on elsewhere. It has to end
    /// before the thread is disposed.
    /// </summary>
    public Task RunAsync(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, new Scheduler(this)).Unwrap()
            .ContinueWith(done => done, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap();

    /// <summary>One piece of work after the other; a short one, so that a server that stops need not wait.</summary>
    public Task RunAsync(Action work)
    {
        // What goes on afterwards must not run on the slow thread.
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        return done.Task;
    }

    /// <summary>Returns when the last piece is done.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Run()
    {
        Niceness.OfThisThread(_niceness);
        foreach (var work in _work.GetConsumingEnumerable())
            work();
    }

    private sealed class Scheduler(QuietThread thread) : TaskScheduler
    {
        protected override void QueueTask(Task task) => thread._work.Add(() => TryExecuteTask(task));

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
            Thread.CurrentThread == thread._thread && !taskWasPreviouslyQueued && TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
