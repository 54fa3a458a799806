using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Backups;
using Hypersend.Server.Features.Files;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlBackupTables(SqlDatabase database) : IBackupTables
{
    /// <summary>
    /// What is only of this moment and this store: who holds what, second forms of files, and keys of what lies sealed; the last two are made anew.
    /// </summary>
    public static readonly IReadOnlySet<string> LeftOut = new HashSet<string> { "leases", "chunk_leases", "file_packs", "file_keys" };

    public string Engine => database.Dialect.Name;

    public Task<int?> SchemaAsync(CancellationToken cancellation) => database.ReadAsync(SchemaAsync, cancellation);

    /// <summary>Which step a database has; null when it has none.</summary>
    public static async Task<int?> SchemaAsync(SqlSession sql)
    {
        if (await sql.ScalarAsync<long?>(sql.Dialect.FindTable, new { table = "schema_migrations" }) is null
            || await sql.ScalarAsync<long?>("SELECT MAX(number) FROM schema_migrations") is not { } schema)
        {
            return null;
        }

        return schema <= Migration.Embedded()[^1].Number
            ? (int)schema
            : throw new BackupRefusedException("The database is of a newer version of Hypersend than this program. Use that version.");
    }

    public Task<BackupMoment> ReadAsync(int schema, Action<TablePart> take, CancellationToken cancellation)
    {
        var tables = SchemaTable.After(Migration.Embedded().Where(step => step.Number <= schema)).Where(table => !LeftOut.Contains(table.Name)).ToList();
        return database.SnapshotAsync(
            async sql =>
            {
                // What it reads may go to something slow, and it holds nobody up.
                if (sql.Dialect.Unhurried is { } unhurried)
                    await sql.ExecuteAsync(unhurried);
                var moment = await MomentAsync(sql);
                foreach (var table in tables)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Read(sql, table, take);
                }

                return moment;
            },
            cancellation);
    }

    public Task<ILookup<long, ChunkRow>> ChunksAsync(IReadOnlyList<long> files, CancellationToken cancellation) => database.ReadAsync(
        async sql => (await sql.ListAsync<OwnedChunk>(
            $"SELECT file_no, chunk, length, sha256, crc32, name FROM file_chunks WHERE file_no {sql.Dialect.In("keys")} ORDER BY file_no, chunk",
            sql.Dialect.Keys([.. files]))).ToLookup(chunk => chunk.FileNo, chunk => chunk.ToRow()),
        cancellation);

    private static async Task<BackupMoment> MomentAsync(SqlSession sql)
    {
        if (await sql.ScalarAsync<string>("SELECT value FROM server_state WHERE key = @Mark", new { SqlRestoreTables.Mark }) is not null)
            throw new BackupRefusedException("This database is not whole: a restore was interrupted. Begin that again.");

        // What ended and nobody else has the bytes of is about to go; a joined file lies in its parts.
        var blobs = await sql.ListAsync<BlobRow>(
            $"""
            SELECT f.no, f.id, f.chunk_size, f.thumbnail, f.state = 'uploading' AS is_open,
                CASE WHEN f.bytes_no IS NULL AND COALESCE(f.role, '') <> 'joined' THEN c.bytes END AS bytes,
                CASE WHEN f.bytes_no IS NULL AND COALESCE(f.role, '') <> 'joined' THEN c.chunks END AS chunks
            FROM files f LEFT JOIN (SELECT file_no, CAST(SUM(length) AS bigint) AS bytes, COUNT(*) AS chunks FROM file_chunks GROUP BY file_no) c ON c.file_no = f.no
            WHERE f.swept_at IS NULL AND (f.ended_at IS NULL OR NOT ({SqlFiles.BytesAreFree})) AND (c.chunks IS NOT NULL OR f.thumbnail IS NOT NULL)
            ORDER BY f.no
            """);
        var open = (await sql.ListAsync<OpenChunk>(
            "SELECT c.file_no, c.chunk FROM file_chunks c JOIN files f ON f.no = c.file_no WHERE f.state = 'uploading'")).ToLookup(row => row.FileNo, row => row.Chunk);
        return new BackupMoment
        {
            Epoch = await sql.ScalarAsync<string>("SELECT value FROM server_state WHERE key = 'epoch'") ?? "",
            Blobs = [.. blobs.Select(row => row.ToBlob(row.IsOpen ? open[row.No].ToHashSet() : null))],
            Pictures = await sql.ListAsync<string>("SELECT DISTINCT avatar_hash FROM users WHERE avatar_hash IS NOT NULL"),
        };
    }

    private static void Read(SqlSession sql, SchemaTable table, Action<TablePart> take)
    {
        using var command = sql.Connection.CreateCommand();
        command.Transaction = sql.Transaction;
        command.CommandTimeout = 0;
        command.CommandText = $"SELECT {string.Join(", ", table.Columns.Select(column => column.Name))} FROM {table.Name}";
        using var rows = command.ExecuteReader();
        TableLines.Write(table, rows, take);
    }

    private sealed record OwnedChunk
    {
        public long FileNo { get; init; }

        public int Chunk { get; init; }

        public int Length { get; init; }

        public byte[] Sha256 { get; init; } = [];

        public long Crc32 { get; init; }

        public string? Name { get; init; }

        public ChunkRow ToRow() => new() { Chunk = Chunk, Length = Length, Sha256 = Sha256, Crc32 = Crc32, Name = Name };
    }

    private sealed record OpenChunk
    {
        public long FileNo { get; init; }

        public int Chunk { get; init; }
    }

    private sealed record BlobRow
    {
        public long No { get; init; }

        public FileId Id { get; init; }

        public int ChunkSize { get; init; }

        public string? Thumbnail { get; init; }

        public bool IsOpen { get; init; }

        public long? Bytes { get; init; }

        public int? Chunks { get; init; }

        public StoredBlob ToBlob(IReadOnlySet<int>? open) => new()
        {
            No = No,
            Id = Id,
            ChunkSize = ChunkSize,
            Thumbnail = Thumbnail,
            Bytes = Bytes ?? 0,
            Chunks = Chunks ?? 0,
            Open = open,
        };
    }
}
