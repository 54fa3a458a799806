using System.Diagnostics.Metrics;

namespace Hypersend.Server.Platform.Health;

/// <summary>What the probes said last.</summary>
internal static class HealthMetrics
{
    private static readonly Meter Meter = new("Hypersend.Health");

    private static readonly Gauge<int> Up = Meter.CreateGauge<int>(
        "hypersend.health.up", description: "1 where a part of the server answered its last probe, else 0: database, storage, bus");

    private static readonly Gauge<long> FreeBytes = Meter.CreateGauge<long>(
        "hypersend.storage.free", unit: "By", description: "Room on the disk of the blob folder; nothing where files lie in a bucket");

    public static void Asked(string service, bool isUp) => Up.Record(isUp ? 1 : 0, new KeyValuePair<string, object?>("service", service));

    public static void Free(long bytes) => FreeBytes.Record(bytes);
}
