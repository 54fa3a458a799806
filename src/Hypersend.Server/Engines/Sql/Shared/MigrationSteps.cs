namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>The engine-neutral part of a migration: what is applied, what is next, and the row that says so.</summary>
internal static class MigrationSteps
{
    private const string Ledger = "schema_migrations";

    private const string CreateLedger =
        """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number {int} PRIMARY KEY,
            name {text} NOT NULL,
            checksum {text} NOT NULL,
            applied_at {time} NOT NULL
        )
        """;

    /// <summary>What is still to be applied, in this order; asking writes nothing.</summary>
    public static async Task<IReadOnlyList<Migration>> PendingAsync(SqlSession session, IReadOnlyList<Migration> all)
    {
        if (await session.ScalarAsync<long>(session.Dialect.CountTables, new { table = Ledger }) == 0)
            return all;
        var applied = (await session.ListAsync<AppliedRow>("SELECT number, name, checksum FROM schema_migrations"))
            .ToDictionary(row => row.Number);
        foreach (var migration in all)
        {
            if (applied.TryGetValue(migration.Number, out var row) && row.Checksum != migration.Checksum)
            {
                throw new InvalidOperationException(
                    $"Migration {row.Name} was applied to this database with another text than this program carries. " +
                    "Use the program that applied it, or restore the backup from before.");
            }
        }

        return [.. all.Where(migration => !applied.ContainsKey(migration.Number))];
    }

    /// <summary>Runs in the caller's transaction: the step and its row are there together or not at all.</summary>
    public static async Task ApplyAsync(SqlSession session, Migration migration, DateTimeOffset now)
    {
        await session.ExecuteAsync(session.Dialect.Translate(CreateLedger));
        await session.ExecuteAsync(session.Dialect.Translate(migration.Sql));
        await session.ExecuteAsync(
            "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (@Number, @Name, @Checksum, @now)",
            new { migration.Number, migration.Name, migration.Checksum, now });
    }

    private sealed record AppliedRow
    {
        public long Number { get; init; }

        public string Name { get; init; } = "";

        public string Checksum { get; init; } = "";
    }
}
