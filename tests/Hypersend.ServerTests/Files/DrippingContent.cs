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

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly List<Action> _watchers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Span || period != Span)
            return base.CreateTimer(callback, state, dueTime, period);
        lock (_gate)
            _watchers.Add(() => callback(state));
        return new Watcher(_ended);
    }

    /// <summary>Half minutes pass until a watcher has seen enough.</summary>
    public async Task LetPassAsync()
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!_ended.Task.IsCompleted)
        {
            await tick.WaitForNextTickAsync(late.Token);
            Action[] watchers;
            lock (_gate)
                watchers = [.. _watchers];
            foreach (var look in watchers)
                look();
        }
    }

    private sealed class Watcher(TaskCompletionSource ended) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => ended.TrySetResult();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
