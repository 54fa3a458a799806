using System.Security.Cryptography;
using Hypersend.EngineSpecs.Bus;
using Hypersend.FaultTests.Lines;
using Hypersend.Tests;

namespace Hypersend.FaultTests.Processes;

/// <summary>Nodes on one PostgreSQL, one Redis and one S3, or one folder in its place, all of them real and in processes of their own.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly List<ServerProcess> _nodes = [];
    private PostgresProcess? _postgres;
    private RedisProcess? _redis;
    private S3Process? _s3;
    private ScratchFolder? _shared;
    private ClusterLines? _lines;

    public IReadOnlyList<ServerProcess> Nodes => _nodes;

    public PostgresProcess Postgres => _postgres!;

    public RedisProcess Redis => _redis!;

    public S3Process S3 => _s3!;

    /// <summary>Those that can be spoiled, of a cluster that has such.</summary>
    public ClusterLines Lines => _lines!;

    /// <summary>Where people find the nodes.</summary>
    public IReadOnlyList<Uri> Addresses => _lines?.People ?? [.. _nodes.Select(node => node.Address)];

    /// <summary>What all nodes have in common.</summary>
    private IReadOnlyList<string> Settings { get; set; } = [];

    public static Task<Cluster> StartAsync(int nodes) => StartAsync(nodes, ServerProcess.Present);

    public static Task<Cluster> StartAsync(int nodes, string program) => StartAsync(new Cluster(), nodes, program);

    /// <summary>Nodes that keep files in one folder, as they would on a file system of the network.</summary>
    public static Task<Cluster> StartOnFolderAsync(int nodes) => StartAsync(new Cluster { _shared = new ScratchFolder() }, nodes, ServerProcess.Present);

    /// <summary>Nodes that people, PostgreSQL, Redis and S3 can be reached by, or reach, over lines that can be spoiled.</summary>
    public static Task<Cluster> StartOnLinesAsync(int nodes) => StartAsync(new Cluster { _lines = new ClusterLines() }, nodes, ServerProcess.Present);

    private static async Task<Cluster> StartAsync(Cluster cluster, int nodes, string program)
    {
        try
        {
            cluster.IsNeeded();
            await cluster.StartEnginesAsync();
            for (var node = 0; node < nodes; node++)
                cluster._nodes.Add(new ServerProcess(program, cluster.Settings));
            await Task.WhenAll(cluster._nodes.Select(node => node.StartAsync()));
            cluster._lines?.Lead(cluster._nodes.Select(node => node.Address));
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
        if (_lines is not null)
            await _lines.DisposeAsync();
        if (_s3 is not null)
            await _s3.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        _shared?.Dispose();
    }

    // Skips the test where there can be no such cluster.
    private void IsNeeded()
    {
        Assert.SkipUnless(PostgresProcess.IsInstalled, PostgresProcess.Absent);
        Assert.SkipUnless(RedisProcess.IsInstalled, RedisProcess.Absent);
        Assert.SkipUnless(_shared is not null || S3Process.IsInstalled, S3Process.Absent);
    }

    private async Task StartEnginesAsync()
    {
        var (postgres, redis, s3) = (PostgresProcess.StartAsync(), RedisProcess.StartAsync(), StartS3Async());
        await Task.WhenAll(postgres, redis, s3).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Those that did start are ended with the cluster when another did not.
        _postgres = postgres.IsCompletedSuccessfully ? await postgres : null;
        _redis = redis.IsCompletedSuccessfully ? await redis : null;
        _s3 = s3.IsCompletedSuccessfully ? await s3 : null;
        await Task.WhenAll(postgres, redis, s3);
        var (database, bus, bucket) = (Postgres.Setting, Redis.Setting, _s3?.Setting);
        if (_lines is not null)
            (database, bus, bucket) = _lines.Lead(database, bus, bucket!);
        var storage = bucket ?? "file:" + _shared!.Path;
        Settings =
        [
            $"--DATABASE_URL={database}", $"--REDIS_URL={bus}", $"--STORAGE_URL={storage}", $"--SECRET_KEY={Secret()}", $"--PASSWORD_PEPPER=faults:{Secret()}",
            "--RATE_LIMITS=off", "--PASSWORD_COST=4", "--LOG_LEVEL=warning",
        ];
    }

    private async Task<S3Process?> StartS3Async() => _shared is null ? await S3Process.StartAsync() : null;

    private static string Secret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
