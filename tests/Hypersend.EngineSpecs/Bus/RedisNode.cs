using Hypersend.Server.Engines.Bus.InProcess;
using Hypersend.Server.Engines.Bus.Redis;
using Hypersend.Server.Engines.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.EngineSpecs.Bus;

/// <summary>What one node has of Redis.</summary>
internal sealed class RedisNode : IAsyncDisposable
{
    /// <summary>Less patient than a server: for a test that waits until one is given up.</summary>
    public static readonly TimeSpan Little = TimeSpan.FromSeconds(1);

    // A busy machine keeps everybody waiting, and what is said while a node takes Redis for gone is lost.
    private static readonly TimeSpan Much = TimeSpan.FromSeconds(60);

    private RedisNode(RedisUrl url, TimeSpan patience)
    {
        Client = new RedisClient(url, TimeProvider.System, NullLogger<RedisClient>.Instance) { Patience = patience, BeatEvery = patience / 2 };
        Bus = new RedisBus(Client, new InProcessBus(NullLogger<InProcessBus>.Instance), TimeProvider.System, NullLogger<RedisBus>.Instance);
    }

    public RedisClient Client { get; }

    public RedisBus Bus { get; }

    public static async Task<RedisNode> StartAsync(RedisUrl url, TimeSpan? patience = null)
    {
        var node = new RedisNode(url, patience ?? Much);
        await node.Client.StartAsync(CancellationToken.None);
        await node.Bus.StartAsync(CancellationToken.None);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await Bus.StopAsync(CancellationToken.None);
        await Client.StopAsync(CancellationToken.None);
        Bus.Dispose();
        Client.Dispose();
    }
}
