using Hypersend.EngineSpecs.Bus;
using Hypersend.Server.Engines.Redis;
using Hypersend.ServerTests.Fixture;
using Hypersend.ServerTests.Push;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Nodes;

/// <summary>Two nodes on one PostgreSQL, one Redis and one folder of files, and the push service beside them.</summary>
public sealed class TwoNodes : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ScratchFolder _files = new();

    private App? _one;
    private App? _other;
    private RedisProcess? _redis;

    internal PushService Pushes { get; } = new();

    internal App One => _one!;

    internal App Other => _other!;

    internal RedisProcess Redis => _redis!;

    /// <summary>Skips the test where there cannot be two nodes.</summary>
    internal static void AreNeeded()
    {
        Assert.SkipUnless(TestDatabase.IsPostgres, "Several nodes need PostgreSQL; this run is on SQLite");
        Assert.SkipUnless(RedisProcess.IsInstalled, RedisProcess.Absent);
    }

    public async ValueTask InitializeAsync()
    {
        if (!TestDatabase.IsPostgres || TestDatabase.Missing is not null || !RedisProcess.IsInstalled)
            return;
        await Pushes.InitializeAsync();
        _redis = await RedisProcess.StartAsync();
        string[] settings = [$"--REDIS_URL={_redis.Setting}", $"--STORAGE_URL=file:{_files.Path}", "--OUTBOUND_ALLOW_PRIVATE=on"];
        _one = await App.StartAsync(settings);
        _other = await _one.StartSecondAsync(settings);
        await ConnectedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in new[] { _other, _one }.OfType<App>())
            await app.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        await Pushes.DisposeAsync();
        _files.Dispose();
    }

    /// <summary>Both hear each other.</summary>
    internal async Task ConnectedAsync()
    {
        foreach (var app in new[] { One, Other })
            await app.Services.GetRequiredService<RedisClient>().ConnectedAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
    }

    /// <summary>A socket on the other node.</summary>
    internal Task<SocketClient> OpenThereAsync(Person person) => SocketClient.OpenAsync(Other, person);
}
