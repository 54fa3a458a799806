using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>Whether the tables are those of this version, and whether the database's clock is ours.</summary>
internal static class SchemaFindings
{
    // Nodes ask for what changed lately by their own clocks, with a margin of three seconds.
    private static readonly TimeSpan SmallDifference = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LargeDifference = TimeSpan.FromSeconds(3);

    public static async Task<Finding> SchemaAsync(SqlSession session)
    {
        var steps = Migration.Embedded();
        try
        {
            return await MigrationSteps.PendingAsync(session, steps) is { Count: > 0 } pending
                ? Finding.Warning("database.schema", $"{pending.Count} of {steps.Count} steps of this version are still to be applied", "The next start does it; hypersend-server migrate does it now.")
                : Finding.Ok("database.schema", $"up to date at {steps[^1].Name}");
        }
        catch (InvalidOperationException exception)
        {
            return Finding.Wrong("database.schema", exception.Message, "Start the version that this database belongs to, or restore a backup.");
        }
    }

    /// <summary>How far a time that was told between two of ours lies outside of them; zero when it may well be right.</summary>
    public static TimeSpan Ahead(DateTimeOffset theirs, DateTimeOffset asked, DateTimeOffset heard) =>
        theirs < asked ? theirs - asked : theirs > heard ? theirs - heard : TimeSpan.Zero;

    public static Finding Clock(string name, string whose, TimeSpan ahead)
    {
        var seen = $"{whose} differs from this machine's by {Words.Seconds(ahead)}";
        const string Fix = "Let the time of every machine be kept by NTP: timedatectl set-ntp true.";
        return ahead.Duration() < SmallDifference ? Finding.Ok(name, seen)
            : ahead.Duration() < LargeDifference ? Finding.Warning(name, seen, Fix)
            : Finding.Wrong(name, seen, Fix);
    }
}
