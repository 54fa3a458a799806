using Hypersend.Server.Platform.RateLimits;

namespace Hypersend.EngineSpecs.RateLimits;

/// <summary>IRateWindow: as many as the limit says in each window, however many ask at once and on whichever node.</summary>
public abstract class RateWindowSpec
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    /// <summary>The same count as several nodes see it; in one process there is one.</summary>
    private protected abstract Task<IReadOnlyList<IRateWindow>> NodesAsync();

    [Fact]
    public async Task Of_many_who_ask_at_once_as_many_get_one_as_the_limit_says()
    {
        var nodes = await NodesAsync();
        var waits = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Task.Run(() => TakeAsync(nodes[number % nodes.Count], "ana", 50, Long))));
        Assert.Equal(50, waits.Count(wait => wait is null));
        Assert.All(waits.OfType<TimeSpan>(), wait => Assert.InRange(wait, TimeSpan.FromMilliseconds(1), Long * 2));
    }

    [Fact]
    public async Task One_does_not_use_up_what_is_anothers_nor_one_group_what_is_of_another()
    {
        var nodes = await NodesAsync();
        Assert.Null(await TakeAsync(nodes[0], "ana", 1, Long));
        Assert.NotNull(await TakeAsync(nodes[^1], "ana", 1, Long));
        Assert.Null(await TakeAsync(nodes[0], "bela", 1, Long));
        Assert.Null(await TakeAsync(nodes[^1], "ana", 1, Long, group: "another"));
        Assert.NotNull(await TakeAsync(nodes[0], "cora", 0, Long));
    }

    [Fact]
    public async Task Who_was_refused_gets_one_when_the_wait_is_over()
    {
        var nodes = await NodesAsync();
        var window = TimeSpan.FromMilliseconds(100);
        Assert.Null(await TakeAsync(nodes[0], "ana", 1, window));
        for (var tries = 0; await TakeAsync(nodes[^1], "ana", 1, window) is { } wait; tries++)
        {
            Assert.InRange(wait, TimeSpan.Zero, window * 2);
            Assert.True(tries < 100, "It is refused for ever.");

            // A delay leaves out what is less than a millisecond: a hundred of those are over before it is.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), TestContext.Current.CancellationToken);
        }
    }

    private protected static async Task<TimeSpan?> TakeAsync(IRateWindow node, string key, int limit, TimeSpan window, string group = "spec") =>
        await node.TakeAsync(group, key, limit, window, TestContext.Current.CancellationToken);
}
