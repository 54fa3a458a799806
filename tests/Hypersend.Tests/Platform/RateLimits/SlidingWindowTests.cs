using System.Globalization;
using Hypersend.Server.Platform.RateLimits;

namespace Hypersend.Tests.Platform.RateLimits;

public sealed class SlidingWindowTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly ManualClock _clock = new();
    private readonly SlidingWindow _limits;

    public SlidingWindowTests() => _limits = new SlidingWindow(_clock);

    [Fact]
    public void The_limit_is_taken_and_then_refused_until_the_told_time()
    {
        for (var i = 0; i < 10; i++)
            Assert.True(Take(out _));
        Assert.False(Take(out var retryAfter));
        Assert.InRange(retryAfter, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(120));
        _clock.Advance(retryAfter - TimeSpan.FromTicks(10));
        Assert.False(Take(out _));
        _clock.Advance(TimeSpan.FromTicks(10));
        Assert.True(Take(out _));
        Assert.False(Take(out _));
    }

    [Fact]
    public void No_minute_whatever_holds_more_than_the_limit_by_the_sliding_count()
    {
        Assert.Equal(10, TakeAll());
        _clock.Advance(Minute); // the edge, where a fixed window would give ten more
        Assert.Equal(0, TakeAll());
        _clock.Advance(Minute / 2);
        Assert.Equal(5, TakeAll());
        _clock.Advance(Minute * 2);
        Assert.Equal(10, TakeAll());
    }

    [Fact]
    public void The_told_time_is_always_enough_and_never_much_too_long()
    {
        for (var step = 1; step < 400; step++)
        {
            if (!Take(out var retryAfter))
            {
                Assert.InRange(retryAfter, TimeSpan.FromTicks(1), Minute * 2);
                if (step % 3 == 0)
                {
                    _clock.Advance(retryAfter);
                    Assert.True(Take(out _));
                }
            }
            _clock.Advance(TimeSpan.FromMilliseconds(step * 37 % 4000));
        }
    }

    [Fact]
    public void Groups_and_keys_do_not_share_their_counts()
    {
        Assert.True(_limits.TryTake("a", "x", 1, Minute, out _));
        Assert.False(_limits.TryTake("a", "x", 1, Minute, out _));
        Assert.True(_limits.TryTake("a", "y", 1, Minute, out _));
        Assert.True(_limits.TryTake("b", "x", 1, Minute, out _));
        Assert.False(_limits.TryTake("b", "z", 0, Minute, out var retryAfter));
        Assert.Equal(Minute, retryAfter);
    }

    [Fact]
    public async Task Parallel_use_neither_loses_nor_adds_a_count()
    {
        var taken = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), TestContext.Current.CancellationToken, (_, _) =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                if (_limits.TryTake("g", (i % 7).ToString(CultureInfo.InvariantCulture), 1_000, Minute, out var _))
                    Interlocked.Increment(ref taken);
            }
            return ValueTask.CompletedTask;
        });
        Assert.Equal(7 * 1_000, taken);
    }

    [Fact]
    public void Ten_thousand_keys_cost_less_than_five_megabytes()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            _limits.TryTake("messages", $"018f0000-0000-7000-8000-{i:d12}", 10, Minute, out _);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(10_000, _limits.Count);
        Assert.True(allocated < 5_000_000, $"{allocated:n0} bytes, keys and outgrown tables counted");
    }

    [Fact]
    public void Keys_whose_windows_are_over_are_swept_while_new_ones_come()
    {
        for (var i = 0; i < 100_000; i++)
        {
            _limits.TryTake("g", i.ToString(CultureInfo.InvariantCulture), 10, Minute, out _);
            _clock.Advance(TimeSpan.FromMilliseconds(100)); // 600 a minute
        }
        Assert.InRange(_limits.Count, 600, 16 * 600);
    }

    [Fact]
    public void Known_keys_are_counted_without_allocating()
    {
        Take(out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            Take(out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private bool Take(out TimeSpan retryAfter) => _limits.TryTake("login", "192.0.2.0/24", 10, Minute, out retryAfter);

    private int TakeAll()
    {
        var taken = 0;
        while (Take(out _))
            taken++;
        return taken;
    }
}
