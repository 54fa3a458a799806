using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Backups;
using Hypersend.Server.Features.Files;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlRestoreTables(SqlDatabase database) : IRestoreTables
{
    /// <summary>The fact that says that a restore has not come to its end.</summary>
    public const string Mark = "restoring";

    private IReadOnlyList<SchemaTable> _tables = [];

    public string Engine => database.Dialect.Name;

    public Task<RestoreState> StateAsync(CancellationToken cancellation) => database.ReadAsync(
        async sql =>
        {
            if (await SqlBackupTables.SchemaAsync(sql) is null)
                return RestoreState.Empty;
            if (await sql.ScalarAsync<string>("SELECT value FROM server_state WHERE key = @Mark", new { Mark }) is not null)
                return RestoreState.Half;
            return await sql.ScalarAsync<long>("SELECT COUNT(*) FROM users") > 0 ? RestoreState.Used : RestoreState.Empty;
        },
        cancellation);

    public Task<long> ServersAsync(CancellationToken cancellation) =>
        database.Dialect.CountOthers is { } count ? database.ReadAsync(sql => sql.ScalarAsync<long>(count), cancellation) : Task.FromResult(0L);

    public Task ClearAsync(CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            var tables = SchemaTable.After(Migration.Embedded()).Reverse().Select(table => table.Name);

            // The search index of PostgreSQL is beside them, and knows what is gone now.
            string[] others = ["schema_migrations", "search_docs", "search_state", "search_chats", "search_gone", "search_segments", "search_blocks"];
            foreach (var table in tables.Concat(others))
                await sql.ExecuteAsync($"DROP TABLE IF EXISTS {table}");
        },
        cancellation);

    public async Task BeginAsync(int schema, string word, CancellationToken cancellation)
    {
        var steps = Migration.Embedded().Where(step => step.Number <= schema).ToList();
        if (steps.Count == 0 || steps[^1].Number != schema)
            throw new BackupRefusedException("This backup is of a newer version of Hypersend than this program. Use that version, or a newer one.");
        _tables = SchemaTable.After(steps);
        await database.MigrateAsync(steps, cancellation);
        await database.WriteAsync(sql => sql.ExecuteAsync("INSERT INTO server_state (key, value) VALUES (@Mark, @word)", new { Mark, word }), cancellation);
    }

    public Task<(string Table, long Rows)> LoadAsync(ReadOnlyMemory<byte> lines, bool keepPlaces, CancellationToken cancellation)
    {
        var (table, rows) = TableLines.ReadHead(lines, _tables);
        return database.WriteAsync(
            sql =>
            {
                using var load = sql.Dialect.Load(sql, table);
                return Task.FromResult((table.Name, TableLines.Load(table, rows.Span, load, column => !keepPlaces && table.Name == "file_chunks" && column == "name")));
            },
            cancellation);
    }

    public Task LoadedAsync(CancellationToken cancellation) => database.MigrateAsync(Migration.Embedded(), cancellation);

    public Task<RestoredFile?> FindAsync(FileId file, CancellationToken cancellation) => database.SnapshotAsync<RestoredFile?>(
        async sql =>
        {
            if (await sql.FindAsync<FileHead>("SELECT no, chunk_size FROM files WHERE id = @file", new { file }) is not { } head)
                return null;
            var chunks = await sql.ListAsync<ChunkRow>("SELECT chunk, length, sha256, crc32, name FROM file_chunks WHERE file_no = @No ORDER BY chunk", new { head.No });
            return new RestoredFile(head.No, head.ChunkSize, chunks);
        },
        cancellation);

    public Task PlaceAsync(long file, IReadOnlyList<(int Chunk, string Name)> names, CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            foreach (var (chunk, name) in names)
                await sql.ExecuteAsync("UPDATE file_chunks SET name = @name WHERE file_no = @file AND chunk = @chunk", new { name, file, chunk });
        },
        cancellation);

    public Task<IReadOnlyList<FileId>> EmptyAsync(CancellationToken cancellation) => database.ReadAsync(
        sql => sql.ListAsync<FileId>(
            """
            SELECT f.id FROM files f WHERE f.bytes_no IS NULL AND f.swept_at IS NULL AND f.ended_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM file_chunks c WHERE c.file_no = f.no)
            """),
        cancellation);

    public async Task FinishAsync(string epoch, bool signOut, CancellationToken cancellation)
    {
        var steps = Migration.Embedded();
        await LoadedAsync(cancellation);
        await database.WriteAsync(
            async sql =>
            {
                foreach (var table in SchemaTable.After(steps))
                {
                    if (table.Number is { } number && sql.Dialect.GoOnBehind(table.Name, number) is { } goOn)
                        await sql.ScalarAsync<long>(goOn);
                }

                // The beginning of a chunk that was not whole yet is not in a backup: its client is asked for it again.
                await sql.ExecuteAsync(
                    """
                    UPDATE files SET received_bytes = received_bytes - (SELECT t.tail_length FROM tus_uploads t WHERE t.file_no = files.no)
                    WHERE no IN (SELECT t.file_no FROM tus_uploads t WHERE t.tail_length > 0)
                    """);
                await sql.ExecuteAsync("UPDATE tus_uploads SET tail_length = 0, tail_name = NULL WHERE tail_length > 0");

                // Nor are packed forms, which are made again.
                await sql.ExecuteAsync("UPDATE files SET packing = 'wanted' WHERE packing = 'gzip'");
                if (signOut)
                {
                    await sql.ExecuteAsync("DELETE FROM push_subscriptions");
                    await sql.ExecuteAsync("DELETE FROM sessions");
                }

                await sql.ExecuteAsync(
                    "INSERT INTO server_state (key, value) VALUES ('epoch', @epoch) ON CONFLICT (key) DO UPDATE SET value = @epoch", new { epoch });
                await sql.ExecuteAsync("DELETE FROM server_state WHERE key = @Mark", new { Mark });
            },
            cancellation);
    }

    private sealed record FileHead
    {
        public long No { get; init; }

        public int ChunkSize { get; init; }
    }
}
