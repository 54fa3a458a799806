using System.Net;

namespace Hypersend.ServerTests.Files;

/// <summary>A body of which the beginning comes (one byte, unless more is given), and nothing more until it is let go.</summary>
internal sealed class DrippingContent(byte[]? first = null, byte[]? rest = null) : HttpContent
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void End() => _end.TrySetResult();

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(first ?? new byte[1]);
        await stream.FlushAsync();
        await _end.Task;
        await stream.WriteAsync(rest ?? []);
    }
}

/// <summary>Time as it is, but for those who watch the pace of a body: their half minutes pass when the test says so.</summary>
internal sealed class PaceClock : TimeProvider
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<Watcher> _watchers = [];
    private int _ended;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Span || period != Span)
            return base.CreateTimer(callback, state, dueTime, period);
        var watcher = new Watcher(this, () => callback(state));
        lock (_gate)
            _watchers.Add(watcher);
        return watcher;
    }

    /// <summary>Half minutes pass until a watcher has seen enough.</summary>
    public async Task LetPassAsync()
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        for (var before = Volatile.Read(ref _ended); Volatile.Read(ref _ended) == before;)
        {
            await tick.WaitForNextTickAsync(late.Token);
            Watcher[] watchers;
            lock (_gate)
                watchers = [.. _watchers];
            foreach (var watcher in watchers)
                watcher.Look();
        }
    }

    private void End(Watcher watcher)
    {
        lock (_gate)
            _watchers.Remove(watcher);
        Interlocked.Increment(ref _ended);
    }

    private sealed class Watcher(PaceClock clock, Action look) : ITimer
    {
        public void Look() => look();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => clock.End(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
