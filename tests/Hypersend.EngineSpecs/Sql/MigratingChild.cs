using System.Globalization;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.EngineSpecs.Sql;

/// <summary>The child process of the migration spec: says when it begins, then migrates slow steps until it is done or killed.</summary>
internal static class MigratingChild
{
    public const string Word = "--migrate-as-a-child";

    /// <summary>Steps that each make a table and fill it with enough rows to be caught in the middle.</summary>
    public static IReadOnlyList<Migration> Steps { get; } =
    [
        .. Enumerable.Range(1, 6).Select(number => new Migration(number, string.Create(CultureInfo.InvariantCulture, $"{number:0000}_slow"), Slow(number))),
    ];

    public static async Task<int> RunAsync(string engine, string url)
    {
        Engine fixture = engine == "sqlite" ? new SqliteEngine() : new PostgresEngine();
        await using var database = fixture.Connect(url);
        await Console.Out.WriteLineAsync("begun");
        await Console.Out.FlushAsync();
        await database.MigrateAsync(Steps, CancellationToken.None);
        await fixture.DisposeAsync();
        return 0;
    }

    // Not IF NOT EXISTS: a step that left half of itself behind would fail when it runs again.
    private static string Slow(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        CREATE TABLE step_{number} (value {"{int}"} NOT NULL);
        WITH RECURSIVE counted (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM counted WHERE value < 60000)
        INSERT INTO step_{number} (value) SELECT value FROM counted;
        CREATE INDEX step_{number}_by_value ON step_{number} (value);
        INSERT INTO step_{number} (value) VALUES (0);
        """);
}
