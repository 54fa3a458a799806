using System.Security.Cryptography;
using Hypersend.EngineSpecs.Bus;

namespace Hypersend.FaultTests.Processes;

/// <summary>Nodes on one PostgreSQL, one Redis and one S3, all of them real and in processes of their own.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly List<ServerProcess> _nodes = [];
    private PostgresProcess? _postgres;
    private RedisProcess? _redis;
    private S3Process? _s3;

    public IReadOnlyList<ServerProcess> Nodes => _nodes;

    public PostgresProcess Postgres => _postgres!;

    public RedisProcess Redis => _redis!;

    public S3Process S3 => _s3!;

    /// <summary>What all nodes have in common.</summary>
    private IReadOnlyList<string> Settings { get; set; } = [];

    /// <summary>Skips the test where there can be no cluster.</summary>
    public static void IsNeeded()
    {
        Assert.SkipUnless(PostgresProcess.IsInstalled, PostgresProcess.Absent);
        Assert.SkipUnless(RedisProcess.IsInstalled, RedisProcess.Absent);
        Assert.SkipUnless(S3Process.IsInstalled, S3Process.Absent);
    }

    public static Task<Cluster> StartAsync(int nodes) => StartAsync(nodes, ServerProcess.Present);

    public static async Task<Cluster> StartAsync(int nodes, string program)
    {
        IsNeeded();
        var cluster = new Cluster();
        try
        {
            await cluster.StartEnginesAsync();
            for (var node = 0; node < nodes; node++)
                cluster._nodes.Add(new ServerProcess(program, cluster.Settings));
            await Task.WhenAll(cluster._nodes.Select(node => node.StartAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_s3 is not null)
            await _s3.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }

    private async Task StartEnginesAsync()
    {
        var (postgres, redis, s3) = (PostgresProcess.StartAsync(), RedisProcess.StartAsync(), S3Process.StartAsync());
        await Task.WhenAll(postgres, redis, s3).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Those that did start are ended with the cluster when another did not.
        _postgres = postgres.IsCompletedSuccessfully ? await postgres : null;
        _redis = redis.IsCompletedSuccessfully ? await redis : null;
        _s3 = s3.IsCompletedSuccessfully ? await s3 : null;
        await Task.WhenAll(postgres, redis, s3);
        Settings =
        [
            $"--DATABASE_URL={Postgres.Setting}", $"--REDIS_URL={Redis.Setting}", $"--STORAGE_URL={S3.Setting}", $"--SECRET_KEY={Secret()}", $"--PASSWORD_PEPPER=faults:{Secret()}",
            "--RATE_LIMITS=off", "--PASSWORD_COST=4", "--LOG_LEVEL=warning",
        ];
    }

    private static string Secret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
