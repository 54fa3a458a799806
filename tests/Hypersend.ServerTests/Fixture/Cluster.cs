using System.Globalization;
using Hypersend.EngineSpecs.Bus;
using Hypersend.Server.Engines.Redis;
using Hypersend.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Fixture;

/// <summary>
/// With HYPERSEND_TEST_NODES=3 each test server is three nodes on one PostgreSQL, one Redis and one folder of files, behind nginx as it
/// is shipped; what a test asks goes to any of them. <c>make cluster-test</c> runs the suite like that.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const string Variable = "HYPERSEND_TEST_NODES";

    // What stands for the proxy itself, or belongs to one process, has no meaning behind another proxy before several.
    private static readonly string[] OfOneNode = ["--HTTPS=", "--TRUSTED_PROXIES=", "--DRAIN_NOTICE_SECONDS=", "--REDIS_URL=", "--NODE_URL=", "--ACCEL_REDIRECT="];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RedisProcess _redis;
    private readonly List<ScratchFolder> _folders = [];
    private readonly string _mainRoot;
    private Nginx? _nginx;

    private Cluster(RedisProcess redis, string mainRoot) => (_redis, _mainRoot) = (redis, mainRoot);

    /// <summary>How many nodes a test server is; 1 when nobody asked for more.</summary>
    public static int Nodes { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 1;

    public static bool IsOn => Nodes > 1;

    /// <summary>Why there cannot be several nodes; null when there can.</summary>
    public static string? Missing => !IsOn ? null
        : !TestDatabase.IsPostgres ? $"{Variable} is set: several nodes need HYPERSEND_TEST_DATABASE=postgres"
        : !RedisProcess.IsInstalled ? RedisProcess.Absent
        : !Nginx.IsInstalled ? Nginx.Absent : null;

    public Uri Address => _nginx!.Address;

    /// <summary>Whether a server with these settings is one of several.</summary>
    public static bool Suits(IEnumerable<string> settings) => IsOn && !settings.Any(setting => OfOneNode.Any(name => setting.StartsWith(name, StringComparison.Ordinal)));

    public static async Task<Cluster> StartAsync(string mainRoot) => new(await RedisProcess.StartAsync(), mainRoot);

    /// <summary>What each node gets beyond the settings of a single one; the first of them is at home in the test server's own folder.</summary>
    public string[] SettingsOf(int node, int port)
    {
        var root = _mainRoot;
        if (node > 0)
        {
            while (_folders.Count < node)
                _folders.Add(Another());
            root = _folders[node - 1].Path;
        }

        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        return [$"--urls={url}", $"--NODE_URL={url}", $"--DATA_ROOT={root}", $"--STORAGE_URL=file:{_mainRoot}/blobs", $"--REDIS_URL={_redis.Setting}", "--TRUSTED_PROXIES=127.0.0.1"];
    }

    /// <summary>Puts nginx before them and waits until they hear each other.</summary>
    public async Task OpenAsync(IReadOnlyList<WebApplication> nodes, IEnumerable<Uri> addresses)
    {
        foreach (var node in nodes)
            await node.Services.GetRequiredService<RedisClient>().ConnectedAsync(CancellationToken.None).WaitAsync(Patience);
        _nginx ??= await Nginx.StartAsync(addresses);
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
            await _nginx.DisposeAsync();
        await _redis.DisposeAsync();
        foreach (var folder in _folders)
            folder.Dispose();
    }

    // A letter lies where the node that wrote it keeps its own: tests look for it in one place.
    private ScratchFolder Another()
    {
        var folder = new ScratchFolder();
        Directory.CreateSymbolicLink(folder.File("mail"), Directory.CreateDirectory(Path.Combine(_mainRoot, "mail")).FullName);
        return folder;
    }
}
