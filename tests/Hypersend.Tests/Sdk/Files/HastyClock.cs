namespace Hypersend.Tests.Sdk.Files;

/// <summary>A clock on which nobody waits: short timers go off at once and are noted, long ones never do.</summary>
internal sealed class HastyClock : TimeProvider
{
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _waits = [];

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

        return new Idle();
    }

    private sealed class Idle : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
