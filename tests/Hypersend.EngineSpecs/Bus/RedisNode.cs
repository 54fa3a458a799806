using Hypersend.Server.Engines.Bus.InProcess;
using Hypersend.Server.Engines.Bus.Redis;
using Hypersend.Server.Engines.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.EngineSpecs.Bus;

/// <summary>What one node has of Redis.</summary>
internal sealed class RedisNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private RedisNode(RedisUrl url)
    {
        // Less patient than a server, so that a test need not be more so.
        Client = new RedisClient(url, TimeProvider.System, NullLogger<RedisClient>.Instance) { Patience = Patience, BeatEvery = Patience / 2 };
        Bus = new RedisBus(Client, new InProcessBus(NullLogger<InProcessBus>.Instance), TimeProvider.System, NullLogger<RedisBus>.Instance);
    }

    public RedisClient Client { get; }

    public RedisBus Bus { get; }

    public static async Task<RedisNode> StartAsync(RedisUrl url)
    {
        var node = new RedisNode(url);
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
