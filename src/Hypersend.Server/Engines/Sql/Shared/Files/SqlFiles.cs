using System.Text.Json;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>How a file is read wherever one is read.</summary>
internal static class SqlFiles
{
    /// <summary>A file f, with the id under which its bytes lie; a condition and an order follow.</summary>
    public const string Select =
        """
        SELECT f.no, f.id, f.bytes_no, COALESCE(b.id, f.id) AS bytes_id, f.owner_id, f.state, f.role, COALESCE(b.role, f.role) AS bytes_role, f.kind, f.filename, f.path, f.mime, f.size,
            f.chunk_size, f.received_bytes, f.received_chunks, f.reserved, f.sha256_root, f.crc32, f.width, f.height, f.duration_ms,
            f.thumbnail, COALESCE(b.packing, f.packing) AS packing, f.retention_mode, f.retention_at, f.retention_count, f.downloads, f.created_at, f.touched_at, f.expires_at,
            f.ready_at, f.ended_at, f.swept_at
        FROM files f LEFT JOIN files b ON b.no = f.bytes_no
        """;

    /// <summary>Nothing that still counts has the bytes that lie under the id of the file f.</summary>
    public const string BytesAreFree = "NOT EXISTS (SELECT 1 FROM files o WHERE o.bytes_no = f.no AND o.swept_at IS NULL AND o.ended_at IS NULL)"
        + " AND NOT EXISTS (SELECT 1 FROM file_segments s WHERE s.part_no = f.no)";

    public static Task<FileRow?> FindAsync(SqlSession sql, FileId id) => sql.FindAsync<FileRow>(Select + " WHERE f.id = @id", new { id });

    public static Task<FileRow?> FindAsync(SqlSession sql, long no) => sql.FindAsync<FileRow>(Select + " WHERE f.no = @no", new { no });

    /// <summary>The row alone is locked, then everything read after it.</summary>
    public static async Task<FileRow?> LockAsync(SqlSession sql, FileId id) =>
        await sql.FindAsync<long?>("SELECT no FROM files WHERE id = @id" + sql.Dialect.ForUpdate, new { id }) is { } no ? await FindAsync(sql, no) : null;

    /// <summary>The files of a message, in their order.</summary>
    public static Task<IReadOnlyList<FileRow>> OfMessageAsync(SqlSession sql, long key) => sql.ListAsync<FileRow>(
        Select + " JOIN message_files mf ON mf.file_no = f.no WHERE mf.message_key = @key ORDER BY mf.place", new { key });

    /// <summary>The cards as they stand in the rows of messages.</summary>
    public static string? ToColumn(IReadOnlyList<FileRow> files) =>
        files.Count == 0 ? null : JsonSerializer.Serialize([.. files.Select(FileView.Card)], StoredJson.Default.SharedFileArray);

    /// <summary>Of files that are on their way with these messages, how much has come.</summary>
    public static async Task<IReadOnlyDictionary<FileId, long>> ArrivedAsync(SqlSession sql, IReadOnlyCollection<long> messages) =>
        (await sql.ListAsync<ArrivedRow>(
            $"SELECT DISTINCT f.id, f.received_bytes FROM message_files mf JOIN files f ON f.no = mf.file_no WHERE mf.message_key {sql.Dialect.In("keys")}",
            sql.Dialect.Keys(messages))).ToDictionary(row => row.Id, row => row.ReceivedBytes);

    /// <summary>Whether the column says of a file that it is on its way; names come with their quotation marks escaped.</summary>
    public static bool IsUnderWay(MessageRow row) => row.Files?.Contains("\"state\":\"" + FileStates.Uploading + "\"", StringComparison.Ordinal) == true;

    /// <summary>The column with what has come by now.</summary>
    public static string WithArrived(string column, IReadOnlyDictionary<FileId, long> arrived) => JsonSerializer.Serialize(
        [.. JsonSerializer.Deserialize(column, StoredJson.Default.SharedFileArray)!
            .Select(file => file.State == FileStates.Uploading && arrived.TryGetValue(file.Id, out var bytes) ? file with { ReceivedBytes = bytes } : file)],
        StoredJson.Default.SharedFileArray);

    /// <summary>Writes the books: what somebody's files count for.</summary>
    public static Task CountAsync(SqlSession sql, UserId owner, long bytes, int files, int uploads) => sql.ExecuteAsync(
        "UPDATE file_usage SET bytes = bytes + @bytes, files = files + @files, uploads = uploads + @uploads WHERE user_id = @owner",
        new { owner, bytes, files, uploads });

    /// <summary>
    /// These messages carry nothing any more. Files that no message carries now are noted: after a while their space is
    /// free, unless somebody sends them again.
    /// </summary>
    public static async Task DropAsync(SqlSession sql, IReadOnlyCollection<long> keys, DateTimeOffset now)
    {
        var dropped = await sql.ListAsync<long>(
            "SELECT DISTINCT file_no FROM message_files WHERE message_key " + sql.Dialect.In("keys"), sql.Dialect.Keys(keys));
        if (dropped.Count == 0)
            return;
        await sql.ExecuteAsync("DELETE FROM message_files WHERE message_key " + sql.Dialect.In("keys"), sql.Dialect.Keys(keys));
        await sql.ExecuteAsync(
            $"""
            UPDATE files SET unused_at = @now WHERE no {sql.Dialect.In("keys")} AND ended_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM message_files m WHERE m.file_no = files.no)
            """,
            sql.Dialect.Keys(dropped, new { now }));
    }

    private sealed record ArrivedRow
    {
        public FileId Id { get; init; }

        public long ReceivedBytes { get; init; }
    }
}
