using Hypersend.Server.Engines.Redis;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Platform.Health;

namespace Hypersend.Server.Engines;

/// <summary>The database answers a query.</summary>
internal sealed class DatabaseProbe(SqlDatabase database) : IHealthProbe
{
    public string Service => "database";

    public Task ProbeAsync(CancellationToken cancellation) => database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT 1"), cancellation);
}

/// <summary>The blob folder takes a file, and its disk has room for more than that.</summary>
internal sealed class FolderProbe(string folder) : IHealthProbe
{
    private const long LeastFreeBytes = 32L * 1024 * 1024;

    public string Service => "storage";

    public async Task ProbeAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $".probe-{Environment.ProcessId}");
        await File.WriteAllTextAsync(path, "probe", cancellation);
        File.Delete(path);
        var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        HealthMetrics.Free(free);
        if (free < LeastFreeBytes)
            throw new IOException("The disk is nearly full.");
    }
}

/// <summary>In one process the bus is a method call: it works as long as the process does.</summary>
internal sealed class BusProbe : IHealthProbe
{
    public string Service => "bus";

    public Task ProbeAsync(CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>Redis answers. Without it everything goes on, a second later from node to node.</summary>
internal sealed class RedisProbe(RedisClient redis) : IHealthProbe
{
    public string Service => "bus";

    public Task ProbeAsync(CancellationToken cancellation) => redis.CallAsync(RedisCommand.Of("PING"), cancellation);
}
