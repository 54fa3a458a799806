namespace Hypersend.Tests.Sdk.Files;

/// <summary>A clock on which nobody waits: short timers go off at once and are noted, long ones only when they are told to.</summary>
internal sealed class HastyClock : TimeProvider
{
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _waits = [];
    private readonly List<Idle> _idle = [];

    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_gate)
                return [.. _waits];
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < Never && dueTime >= TimeSpan.Zero)
        {
            lock (_gate)
                _waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        var idle = new Idle(this, () => callback(state));
        lock (_gate)
            _idle.Add(idle);
        return idle;
    }

    /// <summary>The long timers that run now go off.</summary>
    public void PassLong()
    {
        Idle[] due;
        lock (_gate)
            due = [.. _idle];
        foreach (var idle in due)
            idle.GoOff();
    }

    private sealed class Idle(HastyClock clock, Action callback) : ITimer
    {
        public void GoOff() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (clock._gate)
                clock._idle.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
