using Hypersend.Server.Platform.Threads;

namespace Hypersend.Tests.Platform.Threads;

public sealed class RightOfWayTests
{
    private readonly RightOfWay _way = new(TimeProvider.System);

    [Fact]
    public void Nobody_waits_for_nobody()
    {
        Assert.True(_way.GiveAsync().IsCompletedSuccessfully);
        _way.Take().Dispose();
        Assert.True(_way.GiveAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Bulk_goes_on_when_the_last_has_passed()
    {
        var first = _way.Take();
        var second = _way.Take();
        var bulk = _way.GiveAsync();
        first.Dispose();
        Assert.False(bulk.IsCompleted);
        second.Dispose();
        await bulk.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Bulk_goes_on_after_a_moment_however_long_the_others_take()
    {
        using var slow = _way.Take();
        await _way.GiveAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void It_knows_how_long_somebody_was_on_the_way()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var way = new RightOfWay(clock);
        clock.Advance(TimeSpan.FromSeconds(5));
        var first = way.Take();
        clock.Advance(TimeSpan.FromSeconds(1));
        var second = way.Take();
        Assert.Equal(TimeSpan.FromSeconds(1), way.Taken());
        clock.Advance(TimeSpan.FromSeconds(1));
        first.Dispose();
        clock.Advance(TimeSpan.FromSeconds(1));
        second.Dispose();
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(3), way.Taken());
    }

    [Fact]
    public void It_is_in_use_while_somebody_is_on_the_way_and_for_a_moment_after()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var way = new RightOfWay(clock);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(way.IsInUse);
        var first = way.Take();
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(way.IsInUse);
        first.Dispose();
        Assert.True(way.IsInUse);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(way.IsInUse);
    }
}
