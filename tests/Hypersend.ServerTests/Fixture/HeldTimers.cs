namespace Hypersend.ServerTests.Fixture;

/// <summary>
/// The clock of the system, except that timers of one length go off when the test says so: what a server announces for so
/// long, or waits for at most, lasts as long as the test needs on a machine of any speed.
/// </summary>
internal sealed class HeldTimers(TimeSpan length) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Held> _held = [];
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done as soon as somebody waits.</summary>
    public Task Begun => _begun.Task;

    public void GoOff()
    {
        Held[] due;
        lock (_gate)
            due = [.. _held];
        foreach (var held in due)
            held.GoOff();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != length)
            return base.CreateTimer(callback, state, dueTime, period);
        var held = new Held(this, () => callback(state));
        lock (_gate)
            _held.Add(held);
        _begun.TrySetResult();
        return held;
    }

    private sealed class Held(HeldTimers all, Action callback) : ITimer
    {
        public void GoOff() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (all._gate)
                all._held.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
