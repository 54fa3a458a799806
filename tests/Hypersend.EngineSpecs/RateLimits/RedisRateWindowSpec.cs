using Hypersend.EngineSpecs.Bus;
using Hypersend.Server.Engines.Redis;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.EngineSpecs.RateLimits;

/// <summary>Two nodes that count together in a Redis of their own.</summary>
public sealed class RedisRateWindowSpec : RateWindowSpec, IAsyncDisposable
{
    private readonly List<RedisNode> _nodes = [];
    private RedisProcess? _redis;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Without_redis_each_node_counts_for_itself_and_nobody_waits()
    {
        var nodes = await NodesAsync();
        Assert.Null(await TakeAsync(nodes[0], "ana", 1, TimeSpan.FromHours(1)));
        Assert.NotNull(await TakeAsync(nodes[1], "ana", 1, TimeSpan.FromHours(1)));
        await _redis!.KillAsync();
        foreach (var node in nodes)
        {
            Assert.Null(await TakeAsync(node, "ana", 1, TimeSpan.FromHours(1)));
            Assert.NotNull(await TakeAsync(node, "ana", 1, TimeSpan.FromHours(1)));
        }
    }

    private protected override async Task<IReadOnlyList<IRateWindow>> NodesAsync()
    {
        _redis = await RedisProcess.StartAsync();
        var windows = new List<IRateWindow>();
        for (var i = 0; i < 2; i++)
        {
            var node = await RedisNode.StartAsync(RedisServer.UrlOf(_redis));
            _nodes.Add(node);
            await node.Client.ConnectedAsync(TestContext.Current.CancellationToken);
            windows.Add(new RedisRateWindow(node.Client, new SlidingWindow(TimeProvider.System), TimeProvider.System, NullLogger<RedisRateWindow>.Instance)
            {
                // However slow the machine is, Redis counts here.
                Patience = TimeSpan.FromMinutes(1),
            });
        }

        return windows;
    }
}
