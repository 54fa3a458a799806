using System.Diagnostics.Metrics;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>What the databases did: commits, the writes in them, their time.</summary>
internal static class SqlMetrics
{
    private static readonly Meter Meter = new("Hypersend.Sql");

    private static readonly Counter<long> Commits = Meter.CreateCounter<long>("hypersend.sql.commits", description: "Durable commits");

    private static readonly Counter<long> Writes = Meter.CreateCounter<long>("hypersend.sql.writes", description: "Writes inside those commits");

    private static readonly Histogram<double> CommitTime = Meter.CreateHistogram<double>(
        "hypersend.sql.commit.duration", unit: "s", description: "From the first statement of a transaction to its durable commit");

    public static void Committed(string engine, int writes, TimeSpan time)
    {
        var tag = new KeyValuePair<string, object?>("engine", engine);
        Commits.Add(1, tag);
        Writes.Add(writes, tag);
        CommitTime.Record(time.TotalSeconds, tag);
    }
}
