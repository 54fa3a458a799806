using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed partial class SqlUploadStore(SqlDatabase database) : IUploadStore
{
    private const long SpaceLock = 0x6873_0001;

    private const string Promised =
        "SELECT CAST(SUM(CASE WHEN reserved > received_bytes THEN reserved - received_bytes ELSE 0 END) AS BIGINT) FROM files WHERE state IN ('creating', 'uploading')";

    public Task<Result<BegunUpload>> BeginAsync(NewFile file, UploadLimits limits, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<BegunUpload>>(
            async sql =>
            {
                // A file whose bytes are to be used again is held, so that it does not end meanwhile. Then the books: two of one
                // person at once see each other.
                var known = file.KnownRoot is null ? null : await FindKnownAsync(sql, file);

                // Of bytes that are here it is known what they are, whatever is said of them now.
                if (known is not null && known.Mime != file.Mime)
                {
                    if (!MediaTypes.IsAllowed(known.Mime, limits.AllowedTypes))
                        return new Failure(ErrorCodes.MediaTypeRefused);
                    file = file with { Mime = known.Mime, Kind = MediaTypes.KindOf(known.Mime, file.Kind == MessageTypes.Voice) };
                }

                var usage = await LockBooksAsync(sql, file.Owner);
                if (file.ClientKey is not null && await sql.FindAsync<FileRow>(
                    SqlFiles.Select + " WHERE f.owner_id = @Owner AND f.client_key = @ClientKey", new { file.Owner, file.ClientKey }) is { } before)
                {
                    return new BegunUpload(before, Repeated: true);
                }

                // What is joined takes the place of its parts, in the books and among the open ones.
                var isJoined = file.Role == FileRoles.Joined;
                if (usage.Uploads >= UploadLimits.MostOpen && !isJoined)
                    return new Failure(ErrorCodes.TooManyUploads);
                var reserved = isJoined ? 0 : file.Size ?? 0;
                if (RefuseByQuota(usage, reserved, limits) is { } refusal)
                    return refusal;
                if (known is null && await RefuseBySpaceAsync(sql, reserved, limits) is { } full)
                    return full;
                await InsertAsync(sql, file, known, reserved, limits, now);
                if (file.TusMetadata is not null)
                    await InsertTusAsync(sql, file);
                await SqlFiles.CountAsync(sql, file.Owner, reserved, files: 0, uploads: 1);
                return new BegunUpload((await SqlFiles.FindAsync(sql, file.Id))!, Repeated: false);
            },
            cancellation);

    public Task OpenAsync(FileId id, CancellationToken cancellation) => database.WriteAsync(
        sql => sql.ExecuteAsync("UPDATE files SET state = 'uploading' WHERE id = @id AND state = 'creating'", new { id }), cancellation);

    public Task<StoredUpload?> FindAsync(FileId id, CancellationToken cancellation) => database.SnapshotAsync(
        async sql => await SqlFiles.FindAsync(sql, id) is { } file
            ? new StoredUpload(file, await sql.ListAsync<int>(
                "SELECT chunk FROM file_chunks WHERE file_no = @no ORDER BY chunk", new { no = file.BytesNo ?? file.No }))
            : null,
        cancellation);

    public Task<ChunkRow?> FindChunkAsync(FileId id, int chunk, CancellationToken cancellation) => database.ReadAsync(
        sql => sql.FindAsync<ChunkRow>(
            """
            SELECT c.chunk, c.length, c.sha256, c.crc32, c.name FROM files f JOIN file_chunks c ON c.file_no = COALESCE(f.bytes_no, f.no) AND c.chunk = @chunk
            WHERE f.id = @id
            """,
            new { id, chunk }),
        cancellation);

    public Task<IReadOnlyList<CarryingChat>> ChatsOfAsync(FileId id, CancellationToken cancellation) => database.ReadAsync(
        sql => sql.ListAsync<CarryingChat>(
            """
            SELECT c.no, c.id FROM chats c WHERE c.deleted_at IS NULL AND c.no IN (
                SELECT m.message_key >> 32 FROM message_files m JOIN files f ON f.no = m.file_no WHERE f.id = @id)
            """,
            new { id }),
        cancellation);

    public async Task<StoredRoom> RoomAsync(UserId owner, CancellationToken cancellation) => (await database.ReadAsync(
        sql => sql.FindAsync<StoredRoom>(
            $"""
            SELECT COALESCE((SELECT bytes FROM file_usage WHERE user_id = @owner), 0) AS used, (SELECT quota_bytes FROM users WHERE id = @owner) AS quota_bytes,
                COALESCE(({Promised}), 0) AS promised
            """,
            new { owner }),
        cancellation))!;

    public Task<(Finished Shown, string? Before)?> SetThumbnailAsync(FileId id, string name, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<(Finished Shown, string? Before)?>(
            async sql =>
            {
                if (await CarriedFile.TakeAsync(sql, id) is not { Row.EndedAt: null } carried)
                    return null;
                var before = carried.Row.Thumbnail;
                await sql.ExecuteAsync("UPDATE files SET thumbnail = @name WHERE no = @No", new { name, carried.Row.No });
                var changes = await carried.ShowAsync(sql, now);
                return (new Finished(carried.Row, changes), before);
            },
            cancellation);

    private static async Task<StoredBooks> LockBooksAsync(SqlSession sql, UserId owner)
    {
        await sql.ExecuteAsync("INSERT INTO file_usage (user_id, bytes, files, uploads) VALUES (@owner, 0, 0, 0) ON CONFLICT DO NOTHING", new { owner });
        return (await sql.FindAsync<StoredBooks>(
            "SELECT g.bytes, g.uploads, (SELECT quota_bytes FROM users WHERE id = @owner) AS quota_bytes FROM file_usage g WHERE g.user_id = @owner" + sql.Dialect.ForUpdate,
            new { owner }))!;
    }

    /// <summary>A ready file of the same person with this content: its bytes are here already.</summary>
    private static async Task<FileRow?> FindKnownAsync(SqlSession sql, NewFile file)
    {
        foreach (var id in await sql.ListAsync<FileId>(
            "SELECT id FROM files WHERE owner_id = @Owner AND sha256_root = @KnownRoot AND ended_at IS NULL AND state = 'ready' AND chunk_size = @ChunkSize AND size = @Size ORDER BY no DESC LIMIT 3",
            new { file.Owner, file.KnownRoot, file.ChunkSize, file.Size }))
        {
            if (await SqlFiles.LockAsync(sql, id) is { IsReady: true } known)
                return known;
        }

        return null;
    }

    private static Failure? RefuseByQuota(StoredBooks books, long more, UploadLimits limits)
    {
        var quota = books.QuotaBytes ?? limits.DefaultQuota;
        return quota > 0 && books.Bytes + more > quota
            ? UploadRules.OverQuota(quota, books.Bytes)
            : null;
    }

    /// <summary>What open uploads have been promised is not free any more.</summary>
    private static async Task<Failure?> RefuseBySpaceAsync(SqlSession sql, long more, UploadLimits limits)
    {
        if (limits.FreeBytes is not { } free)
            return null;

        // Two people who begin at once must not both count on the same space.
        if (sql.Dialect.OneAtATime is { } oneAtATime)
            await sql.ExecuteAsync(oneAtATime, new { place = SpaceLock });
        var promised = await sql.ScalarAsync<long?>(Promised) ?? 0;
        return more > free - promised ? UploadRules.NoSpace(free - promised) : null;
    }

    private static async Task InsertAsync(SqlSession sql, NewFile file, FileRow? known, long reserved, UploadLimits limits, DateTimeOffset now) => await sql.ExecuteAsync(
        """
        INSERT INTO files (id, bytes_no, owner_id, state, role, kind, filename, path, mime, size, chunk_size, received_bytes, received_chunks, reserved,
            width, height, duration_ms, retention_mode, retention_at, retention_count, downloads, client_key, created_at, touched_at, expires_at)
        VALUES (@Id, @bytesNo, @Owner, 'creating', @Role, @Kind, @Filename, @Path, @Mime, @Size, @ChunkSize, @receivedBytes, @receivedChunks, @reserved,
            @Width, @Height, @DurationMs, @RetentionMode, @RetentionAt, @RetentionCount, 0, @ClientKey, @now, @now, @expiresAt)
        """,
        new
        {
            file.Id,
            bytesNo = known is null ? (long?)null : known.BytesNo ?? known.No,
            file.Owner,
            file.Role,
            file.Kind,
            file.Filename,
            file.Path,
            file.Mime,
            file.Size,
            file.ChunkSize,
            receivedBytes = known?.ReceivedBytes ?? 0,
            receivedChunks = known?.ReceivedChunks ?? 0,
            reserved,
            file.Width,
            file.Height,
            file.DurationMs,
            file.RetentionMode,
            file.RetentionAt,
            file.RetentionCount,
            file.ClientKey,
            now,
            expiresAt = now + limits.Life,
        });

    private sealed record StoredBooks
    {
        public long Bytes { get; init; }

        public int Uploads { get; init; }

        public long? QuotaBytes { get; init; }
    }
}
