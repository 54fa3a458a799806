using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed partial class SqlFileStore(SqlDatabase database) : IFileStore
{
    public Task<FileRow?> FindAsync(UserId viewer, FileId id, CancellationToken cancellation) =>
        database.ReadAsync(sql => FindAsync(sql, viewer, id), cancellation);

    public static Task<FileRow?> FindAsync(SqlSession sql, UserId viewer, FileId id) => sql.FindAsync<FileRow>(
        SqlFiles.Select +
        """
         WHERE f.id = @id AND f.state <> 'creating' AND COALESCE(f.role, '') <> 'part' AND (f.owner_id = @viewer OR EXISTS (
            SELECT 1 FROM message_files x JOIN chats c ON c.no = (x.message_key >> 32) AND c.deleted_at IS NULL
                JOIN chat_members m ON m.chat_no = c.no AND m.user_id = @viewer AND m.left_at IS NULL AND m.visible_from < (x.message_key & 4294967295)
            WHERE x.file_no = f.no)
            OR EXISTS (SELECT 1 FROM transfers r WHERE r.file_no = f.no AND r.receiver_id = @viewer AND r.state IN ('offered', 'accepted', 'done')))
        """,
        new { id, viewer });

    public Task<IReadOnlyList<ChunkRow>> ChunksAsync(FileRow file, int from, int to, CancellationToken cancellation) => database.ReadAsync(
        sql => sql.ListAsync<ChunkRow>(
            "SELECT chunk, length, sha256, crc32, name FROM file_chunks WHERE file_no = @no AND chunk BETWEEN @from AND @to ORDER BY chunk",
            new { no = file.BytesNo ?? file.No, from, to }),
        cancellation);

    public Task<IReadOnlyList<FilePiece>> LayoutAsync(FileRow file, long from, long to, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<FilePiece>>(
        async sql =>
        {
            var no = file.BytesNo ?? file.No;
            if (file.IsJoined)
            {
                return [.. (await sql.ListAsync<PieceRow>(
                    """
                    SELECT p.id AS blob, p.chunk_size, s.start, c.chunk, c.length, c.name
                    FROM file_segments s JOIN files p ON p.no = s.part_no JOIN file_chunks c ON c.file_no = p.no
                    WHERE s.file_no = @no AND s.start + c.chunk * p.chunk_size <= @to AND s.start + c.chunk * p.chunk_size + c.length > @from
                    ORDER BY s.place, c.chunk
                    """,
                    new { no, from, to })).Select(piece => piece.ToPiece())];
            }

            var own = await sql.ListAsync<PieceRow>(
                "SELECT chunk, length, name FROM file_chunks WHERE file_no = @no AND chunk BETWEEN @first AND @last ORDER BY chunk",
                new { no, first = from / file.ChunkSize, last = Math.Min(to / file.ChunkSize, int.MaxValue) });
            return [.. own.Select(piece => (piece with { Blob = file.BytesId, ChunkSize = file.ChunkSize }).ToPiece())];
        },
        cancellation);

    public Task<IReadOnlyList<FileRow>> ListAsync(UserId owner, long beforeNo, int limit, CancellationToken cancellation) => database.ReadAsync(
        sql => sql.ListAsync<FileRow>(
            SqlFiles.Select + " WHERE f.owner_id = @owner AND f.no < @beforeNo AND f.ended_at IS NULL AND f.state <> 'creating' AND COALESCE(f.role, '') <> 'part' ORDER BY f.no DESC LIMIT @limit",
            new { owner, beforeNo, limit }),
        cancellation);

    public Task<Result<IReadOnlyList<ChatFile>>> OfChatAsync(UserId viewer, ChatId chat, long beforeKey, int limit, CancellationToken cancellation) =>
        database.SnapshotAsync<Result<IReadOnlyList<ChatFile>>>(
            async sql =>
            {
                if (await FindSeatAsync(sql, viewer, chat) is not { } seat)
                    return new Failure(ErrorCodes.NotFound);

                var keys = await sql.ListAsync<long>(
                    "SELECT DISTINCT message_key FROM message_files WHERE message_key > @first AND message_key < @before ORDER BY message_key DESC LIMIT @limit",
                    new { first = MessageKey.Of(seat.No, seat.VisibleFrom), before = Math.Min(beforeKey, MessageKey.LastOf(seat.No)), limit });
                var found = new List<ChatFile>();
                foreach (var key in keys)
                    found.AddRange((await SqlFiles.OfMessageAsync(sql, key)).Select(file => new ChatFile(file, key)));
                return found;
            },
            cancellation);

    public Task<StoredUsage> UsageAsync(UserId owner, CancellationToken cancellation) => database.ReadAsync(
        async sql => (await sql.FindAsync<StoredUsage>(
            """
            SELECT COALESCE(g.bytes, 0) AS bytes, COALESCE(g.files, 0) AS files, u.quota_bytes
            FROM users u LEFT JOIN file_usage g ON g.user_id = u.id WHERE u.id = @owner
            """,
            new { owner }))!,
        cancellation);

    private static Task<SeatedRow?> FindSeatAsync(SqlSession sql, UserId viewer, ChatId chat) => sql.FindAsync<SeatedRow>(
        """
        SELECT c.no, m.visible_from FROM chats c JOIN chat_members m ON m.chat_no = c.no AND m.user_id = @viewer AND m.left_at IS NULL
        WHERE c.id = @chat AND c.deleted_at IS NULL
        """,
        new { viewer, chat });

    private sealed record PieceRow
    {
        public FileId Blob { get; init; }

        public int ChunkSize { get; init; }

        /// <summary>Where the part begins in the file.</summary>
        public long Start { get; init; }

        public int Chunk { get; init; }

        public int Length { get; init; }

        public string? Name { get; init; }

        public FilePiece ToPiece()
        {
            var place = new BlobPlace(Chunk, (long)Chunk * ChunkSize, Length, Name);
            return new FilePiece(Blob, place, Start + place.Offset);
        }
    }

    private sealed record SeatedRow
    {
        public long No { get; init; }

        public long VisibleFrom { get; init; }
    }
}
