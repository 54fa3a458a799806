namespace Hypersend.Sdk.Files;

/// <summary>Counts what passes, and says at most ten times a second how far it is.</summary>
internal sealed class ProgressMeter(TimeProvider clock, Action<FileProgress> tell, Func<int> lanes)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Queue<(long At, long Passed)> _samples = [];
    private long _bytes;
    private long _passed;
    private long? _total;
    private int _chunks;
    private int? _totalChunks;
    private long _told;
    private bool _hasTold;

    public void Begin(long? total, int? totalChunks)
    {
        lock (_gate)
        {
            (_total, _totalChunks) = (total, totalChunks);
            _samples.Enqueue((clock.GetTimestamp(), _passed));
        }
    }

    /// <summary>More is known of what is still coming.</summary>
    public void Expect(long? total, int? totalChunks)
    {
        lock (_gate)
            (_total, _totalChunks) = (total, totalChunks);
    }

    /// <summary>Bytes went out or came in.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="isNew">False when they were there before: they say nothing of the speed.</param>
    public void Passed(long bytes, bool isNew = true)
    {
        lock (_gate)
        {
            _bytes += bytes;
            if (isNew)
                _passed += bytes;
        }

        Tell(always: false);
    }

    /// <summary>They have to go once more.</summary>
    public void Lost(long bytes)
    {
        lock (_gate)
            _bytes -= bytes;
    }

    /// <summary>A chunk is there; <paramref name="without"/> of its bytes were never on their way now.</summary>
    public void Landed(long without = 0)
    {
        lock (_gate)
        {
            _chunks++;
            _bytes += without;
        }

        Tell(always: false);
    }

    public void End() => Tell(always: true);

    private void Tell(bool always)
    {
        FileProgress progress;
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            if (!always && _hasTold && clock.GetElapsedTime(_told, now) < Every)
                return;
            (_told, _hasTold) = (now, true);
            progress = Look(now);
        }

        tell(progress);
    }

    private FileProgress Look(long now)
    {
        _samples.Enqueue((now, _passed));
        while (_samples.Count > 2 && clock.GetElapsedTime(_samples.Peek().At, now) > Window)
            _samples.Dequeue();
        var (at, passed) = _samples.Peek();
        var seconds = clock.GetElapsedTime(at, now).TotalSeconds;
        var speed = seconds > 0 ? (_passed - passed) / seconds : 0;
        return new FileProgress
        {
            Bytes = _bytes,
            TotalBytes = _total,
            Chunks = _chunks,
            TotalChunks = _totalChunks,
            BytesPerSecond = speed,
            Lanes = lanes(),
            TimeLeft = _total is { } total && speed > 0 ? TimeSpan.FromSeconds(Math.Max(0, total - _bytes) / speed) : null,
        };
    }
}
