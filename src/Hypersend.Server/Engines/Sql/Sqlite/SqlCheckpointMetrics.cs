using System.Diagnostics.Metrics;

namespace Hypersend.Server.Engines.Sql.Sqlite;

internal static class SqlCheckpointMetrics
{
    private static readonly Meter Meter = new("Hypersend.Sql");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "hypersend.sql.checkpoint.failures", description: "Checkpoints of the WAL that could not run");

    public static void Failed() => Failures.Add(1);
}
