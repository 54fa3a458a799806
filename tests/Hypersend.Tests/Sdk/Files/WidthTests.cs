using Hypersend.Sdk.Files;

namespace Hypersend.Tests.Sdk.Files;

public sealed class WidthTests
{
    private TimeSpan _now;

    [Fact]
    public void While_each_lane_brings_more_there_are_more_up_to_eight()
    {
        var width = Width.Adaptive(4);

        Assert.Equal([4, 5, 6, 7, 8, 8, 8, 8], Looks(width, 8, lanes => 10 * lanes));
    }

    [Fact]
    public void Where_the_line_is_full_one_more_is_tried_now_and_then_and_taken_back()
    {
        var width = Width.Adaptive(4);

        var seen = Looks(width, 40, lanes => Math.Min(lanes, 4) * 10);

        Assert.Equal([4, 5, 4, 4, 4, 4, 4, 5, 4], seen[..9]);
        Assert.All(seen, lanes => Assert.InRange(lanes, 4, 5));
        Assert.True(seen.Count(lanes => lanes == 5) < seen.Count / 4);
    }

    [Fact]
    public void A_failure_halves_however_many_lanes_it_hits_and_it_grows_again()
    {
        var width = Width.Adaptive(8);
        Looks(width, 1, _ => 10);

        foreach (var _ in Enumerable.Range(0, 8))
            width.Failed(_now);
        Assert.Equal(4, width.Lanes);
        foreach (var expected in (int[])[2, 1, 1])
        {
            Pass(width, 10);
            width.Failed(_now);
            Assert.Equal(expected, width.Lanes);
        }

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], Looks(width, 8, lanes => 10 * lanes));
    }

    [Fact]
    public void While_nothing_passes_at_all_further_failures_say_nothing_of_lanes()
    {
        var width = Width.Adaptive(4);
        Looks(width, 1, _ => 10);

        foreach (var _ in Enumerable.Range(0, 20))
        {
            width.Failed(_now);
            _now += TimeSpan.FromSeconds(10);
        }

        Assert.Equal(2, width.Lanes);
    }

    [Fact]
    public void What_somebody_has_fixed_stays()
    {
        var width = Width.Fixed(3);

        Assert.Equal([3, 3, 3, 3], Looks(width, 4, lanes => 10 * lanes));
        width.Failed(_now);
        Assert.Equal((3, 3), (width.Lanes, width.Limit));
    }

    [Fact]
    public async Task No_more_work_at_once_than_the_width_says_and_fewer_after_a_failure()
    {
        var width = Width.Adaptive(4);
        using var turns = new Turns(width);
        foreach (var _ in Enumerable.Range(0, 4))
            Assert.True(turns.TakeAsync(TestContext.Current.CancellationToken).IsCompletedSuccessfully);
        var fifth = turns.TakeAsync(TestContext.Current.CancellationToken);
        Assert.False(fifth.IsCompleted);

        width.Failed(_now);
        turns.Give();
        turns.Give();
        Assert.False(fifth.IsCompleted);
        turns.Give();
        await fifth;

        // Two are out; the line is a good one again, and each look lets one more come.
        Looks(width, 3, lanes => 10 * lanes);
        Assert.Equal(5, width.Lanes);
        turns.Give();
        foreach (var _ in Enumerable.Range(0, 4))
            Assert.True(turns.TakeAsync(TestContext.Current.CancellationToken).IsCompletedSuccessfully);
        Assert.False(turns.TakeAsync(TestContext.Current.CancellationToken).IsCompleted);
    }

    /// <summary>How many lanes there were in each look, when so many bytes a second go through so many.</summary>
    private List<int> Looks(Width width, int count, Func<int, long> speed)
    {
        var seen = new List<int>();
        width.Passed(0, _now);
        for (var look = 0; look < count; look++)
        {
            seen.Add(width.Lanes);
            Pass(width, speed(width.Lanes));
        }

        return seen;
    }

    private void Pass(Width width, long bytesPerSecond)
    {
        for (var second = 0; second < 4; second++)
            width.Passed(bytesPerSecond, _now += TimeSpan.FromSeconds(1));
    }
}
