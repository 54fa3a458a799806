using System.Runtime.InteropServices;

namespace Hypersend.Server.Platform.RateLimits;

/// <summary>
/// Counts per (group, key) in two buckets, the current window and the one before, the latter weighed by how much of it
/// still lies inside the last window: no burst of twice the limit at the edge, and no list of times to keep.
/// </summary>
internal sealed class SlidingWindow : IRateWindow
{
    private const int ShardCount = 16;
    private const int SmallestSweep = 256;
    private readonly TimeProvider _clock;
    private readonly Shard[] _shards = new Shard[ShardCount];

    public SlidingWindow(TimeProvider clock)
    {
        _clock = clock;
        for (var i = 0; i < ShardCount; i++)
            _shards[i] = new Shard();
    }

    /// <summary>Keys held now; those whose windows are over go when new ones come.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var shard in _shards)
            {
                lock (shard.Gate)
                    count += shard.Counts.Count;
            }
            return count;
        }
    }

    /// <summary>Takes one of <paramref name="limit"/> per <paramref name="window"/>; a refused try is not counted.</summary>
    public bool TryTake(string group, string key, int limit, TimeSpan window, out TimeSpan retryAfter)
    {
        var now = _clock.GetTimestamp(); // steps of the wall clock neither free nor lock anybody
        var length = Math.Max(1, (long)(window.TotalSeconds * _clock.TimestampFrequency));
        var name = new Name(group, key);
        var shard = _shards[(uint)name.GetHashCode() % ShardCount];
        double wait;
        lock (shard.Gate)
        {
            ref var counts = ref CollectionsMarshal.GetValueRefOrNullRef(shard.Counts, name);
            if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref counts))
            {
                if (limit < 1)
                {
                    retryAfter = window;
                    return false;
                }
                shard.SweepWhenGrown(now);
                counts = ref CollectionsMarshal.GetValueRefOrAddDefault(shard.Counts, name, out _);
                counts.Start = now;
            }
            counts.MoveTo(now, length);
            wait = counts.WaitFor(now, limit);
            if (wait < 1) // less than one tick is what rounding leaves of a wait that was kept
            {
                counts.Current++;
                retryAfter = TimeSpan.Zero;
                return true;
            }
        }
        var ticks = Math.Ceiling(wait / _clock.TimestampFrequency * TimeSpan.TicksPerSecond);
        retryAfter = ticks < window.Ticks * 2 ? TimeSpan.FromTicks((long)ticks) : window * 2;
        return false;
    }

    public ValueTask<TimeSpan?> TakeAsync(string group, string key, int limit, TimeSpan window, CancellationToken cancellation) =>
        ValueTask.FromResult(TryTake(group, key, limit, window, out var retryAfter) ? (TimeSpan?)null : retryAfter);

    private readonly record struct Name(string Group, string Key);

    private struct Counts
    {
        public long Start;
        public long Length;
        public int Current;
        public int Previous;

        public void MoveTo(long now, long length)
        {
            if (Length != length)
                (Length, Start, Previous) = (length, Length == 0 ? Start : now, 0); // the limit's table changed
            var passed = (now - Start) / length;
            if (passed <= 0)
                return;
            Previous = passed == 1 ? Current : 0;
            Current = 0;
            Start += passed * length;
        }

        /// <summary>Clock units until one more fits; zero when it fits now.</summary>
        public readonly double WaitFor(long now, int limit)
        {
            if (limit < 1)
                return Length;
            double elapsed = now - Start;
            if (Current < limit)
            {
                // Previous * (1 - x) + Current + 1 <= limit, solved for x, the part of this window that is over.
                return Previous == 0 ? 0 : (1 - (limit - 1.0 - Current) / Previous) * Length - elapsed;
            }
            return Length - elapsed + (1 - (limit - 1.0) / Current) * Length;
        }
    }

    private sealed class Shard
    {
        private int _sweepAt = SmallestSweep;

        internal Lock Gate { get; } = new();

        internal Dictionary<Name, Counts> Counts { get; } = [];

        /// <summary>Looks at all keys once in as many insertions as there are keys: constant cost a key, and no timer.</summary>
        internal void SweepWhenGrown(long now)
        {
            if (Counts.Count < _sweepAt)
                return;
            foreach (var (name, counts) in Counts)
            {
                if (now - counts.Start >= 2 * counts.Length)
                    Counts.Remove(name);
            }
            if (Counts.Count < _sweepAt / 4)
                Counts.TrimExcess();
            _sweepAt = Math.Max(SmallestSweep, Counts.Count * 2);
        }
    }
}
