namespace Hypersend.Server.Platform.Threads;

/// <summary>
/// What somebody waits for goes first: while it is on its way to the disk, bulk work stands still at its next step. But not
/// for long, or a busy chat would stop every upload.
/// </summary>
internal sealed class RightOfWay(TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan InUseFor = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private int _passing;
    private long _since;
    private TimeSpan _taken;
    private long _passed = clock.GetTimestamp();
    private TaskCompletionSource? _clear;

    /// <summary>It goes first until the passage is disposed.</summary>
    public Passage Take()
    {
        lock (_gate)
        {
            if (_passing++ == 0)
                _since = clock.GetTimestamp();
        }

        return new Passage(this);
    }

    /// <summary>How long somebody was on the way, all in all: who looks twice knows how busy it was in between.</summary>
    public TimeSpan Taken()
    {
        lock (_gate)
            return _passing == 0 ? _taken : _taken + clock.GetElapsedTime(_since);
    }

    /// <summary>Whether somebody is on the way, or was a short while ago.</summary>
    public bool IsInUse => Volatile.Read(ref _passing) > 0 || clock.GetElapsedTime(Volatile.Read(ref _passed)) < InUseFor;

    /// <summary>Lets those pass who go first. Costs nothing when there is nobody.</summary>
    public Task GiveAsync()
    {
        if (Volatile.Read(ref _passing) == 0)
            return Task.CompletedTask;
        Task clear;
        lock (_gate)
        {
            if (_passing == 0)
                return Task.CompletedTask;
            clear = (_clear ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        return WaitAsync(clear);
    }

    private async Task WaitAsync(Task clear) => await clear.WaitAsync(Longest, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Passed()
    {
        TaskCompletionSource? clear = null;
        lock (_gate)
        {
            if (--_passing == 0)
            {
                Volatile.Write(ref _passed, clock.GetTimestamp());
                _taken += clock.GetElapsedTime(_since, _passed);
                (clear, _clear) = (_clear, null);
            }
        }

        clear?.SetResult();
    }

    /// <summary>Given back by disposing.</summary>
    public readonly struct Passage(RightOfWay way) : IDisposable
    {
        public void Dispose() => way.Passed();
    }
}
