using System.Collections.Concurrent;

namespace Hypersend.Server.Platform.Threads;

/// <summary>One thread of the lowest priority for work that can wait: it gets what nobody else wants of the processors.</summary>
internal sealed class QuietThread : IDisposable
{
    private const int Lowest = 19;

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    public QuietThread(string name)
    {
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

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
        Niceness.OfThisThread(Lowest);
        foreach (var work in _work.GetConsumingEnumerable())
            work();
    }
}
