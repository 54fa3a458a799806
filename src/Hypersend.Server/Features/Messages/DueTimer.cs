namespace Hypersend.Server.Features.Messages;

/// <summary>One alarm for everything that is due: set to the next of them, and again when something sooner comes.</summary>
internal sealed class DueTimer(TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _sooner = new(0, 1);
    private long _wakeAt = long.MaxValue;

    /// <summary>Something is due then; it may be sooner than what is waited for.</summary>
    public void Expect(DateTimeOffset at)
    {
        if (at.ToUnixTimeMilliseconds() >= Interlocked.Read(ref _wakeAt))
            return;
        lock (_sooner)
        {
            if (_sooner.CurrentCount == 0)
                _sooner.Release();
        }
    }

    /// <summary>Called before the next due time is read: what is expected from now on rings, whenever it is.</summary>
    public void Begin() => Interlocked.Exchange(ref _wakeAt, long.MaxValue);

    public async Task SleepUntilAsync(DateTimeOffset until, CancellationToken stopping)
    {
        Interlocked.Exchange(ref _wakeAt, until.ToUnixTimeMilliseconds());
        var wait = until - clock.GetUtcNow();
        if (wait <= TimeSpan.Zero)
            return;
        using var waking = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var sooner = _sooner.WaitAsync(waking.Token);
        await Task.WhenAny(Task.Delay(wait, clock, waking.Token), sooner);
        await waking.CancelAsync();
        stopping.ThrowIfCancellationRequested();
    }

    public void Dispose() => _sooner.Dispose();
}
