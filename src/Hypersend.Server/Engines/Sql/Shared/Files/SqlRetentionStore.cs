using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlRetentionStore(SqlDatabase database) : IRetentionStore
{
    /// <summary>How long whoever took the last download may come back for the rest of it.</summary>
    private static readonly TimeSpan LastDownload = TimeSpan.FromHours(24);

    public async Task<Failure?> TakeAsync(FileId id, Taker taker, DateTimeOffset now, CancellationToken cancellation)
    {
        var known = await database.ReadAsync(
            sql => sql.FindAsync<GrantRow>(
                """
                SELECT f.no, f.retention_mode, f.retention_at, f.retention_count, f.downloads, f.ended_at, t.taken_at
                FROM files f LEFT JOIN file_takers t ON t.file_no = f.no AND t.taker = @Key WHERE f.id = @id
                """,
                new { id, taker.Key }),
            cancellation);
        if (known is null || known.IsOver(now))
            return new Failure(ErrorCodes.FileGone);
        if (known.RetentionMode != RetentionModes.Downloads || known.TakenAt is not null)
            return null;

        // Durable before the first byte, whoever goes meanwhile.
        return await database.WriteAsync(sql => TakeAsync(sql, id, taker, now), CancellationToken.None);
    }

    /// <summary>Counts a download under the lock of the file; part of a larger transaction where a link counts too.</summary>
    public static async Task<Failure?> TakeAsync(SqlSession sql, FileId id, Taker taker, DateTimeOffset now)
    {
        if (await SqlFiles.LockAsync(sql, id) is not { EndedAt: null } file || file.RetentionAt <= now)
            return new Failure(ErrorCodes.FileGone);
        if (file.RetentionMode != RetentionModes.Downloads)
            return null;
        if (await sql.FindAsync<long?>("SELECT taken_at FROM file_takers WHERE file_no = @No AND taker = @Key", new { file.No, taker.Key }) is not null)
            return null;
        if (file.Downloads >= file.RetentionCount)
            return new Failure(ErrorCodes.FileGone);
        await sql.ExecuteAsync(
            """
            INSERT INTO file_takers (file_no, taker, user_id, awaited, taken_at) VALUES (@No, @Key, @Person, @off, @now)
            ON CONFLICT (file_no, taker) DO UPDATE SET taken_at = @now
            """,
            new { file.No, taker.Key, taker.Person, off = false, now });
        var end = file.Downloads + 1 >= file.RetentionCount ? now + LastDownload : (DateTimeOffset?)null;
        await sql.ExecuteAsync("UPDATE files SET downloads = downloads + 1, retention_at = @end WHERE no = @No", new { end, file.No });
        return null;
    }

    public async Task<bool> ServedAsync(FileId id, Taker taker, long from, long to, DateTimeOffset now, CancellationToken cancellation) =>
        (to >= from || await SizeOfAsync(id, cancellation) == 0)
        && await NoteAsync(id, taker, served => to < from ? served : ServedBytes.Add(served, from, to), now, cancellation);

    public Task<bool> HandedAsync(FileId id, Taker taker, long from, long to, DateTimeOffset now, CancellationToken cancellation) =>
        NoteAsync(id, taker, served => ServedBytes.Hand(served, from, to), now, cancellation);

    private async Task<bool> NoteAsync(FileId id, Taker taker, Func<string?, string?> note, DateTimeOffset now, CancellationToken cancellation) =>
        !await IsDeliveredAsync(id, taker, cancellation) && await database.WriteAsync(
            async sql =>
            {
                // Of one that is still coming, the end of the upload looks at what is noted: the two must see each other.
                if (await SqlFiles.FindAsync(sql, id) is not { } found || !taker.CountsFor(found))
                    return false;
                var file = found.IsReady ? found : (await SqlFiles.LockAsync(sql, id))!;
                await sql.ExecuteAsync(
                    "INSERT INTO file_takers (file_no, taker, user_id, awaited) VALUES (@No, @Key, @Person, @off) ON CONFLICT DO NOTHING",
                    new { file.No, taker.Key, taker.Person, off = false });
                var row = (await sql.FindAsync<TakerRow>(
                    "SELECT served, delivered_at FROM file_takers WHERE file_no = @No AND taker = @Key" + sql.Dialect.ForUpdate, new { file.No, taker.Key }))!;
                if (row.DeliveredAt is not null)
                    return false;
                var served = note(row.Served);
                var isWhole = file.IsReady && ServedBytes.IsWhole(served, file.Size!.Value);
                await sql.ExecuteAsync(
                    "UPDATE file_takers SET served = @served, delivered_at = @at WHERE file_no = @No AND taker = @Key",
                    new { served = isWhole ? null : served, at = isWhole ? now : (DateTimeOffset?)null, file.No, taker.Key });
                return isWhole;
            },
            cancellation);

    public Task<Failure?> ReceivedAsync(FileId id, UserId person, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Failure?>(
            async sql =>
            {
                if (await SqlFiles.FindAsync(sql, id) is not { } file)
                    return new Failure(ErrorCodes.NotFound);
                if (file.ReadyAt is null)
                    return new Failure(file.EndedAt is null ? ErrorCodes.FileNotReady : ErrorCodes.FileGone);
                if (person == file.OwnerId)
                    return null;

                // The last byte may have ended the file before its taker could say so.
                var taker = Taker.Of(person);
                var said = await sql.ExecuteAsync(
                    """
                    UPDATE file_takers SET verified_at = COALESCE(verified_at, @now), delivered_at = COALESCE(delivered_at, @now), served = NULL
                    WHERE file_no = @No AND taker = @Key
                    """,
                    new { now, file.No, taker.Key });
                if (said > 0)
                    return null;
                if (file.EndedAt is not null)
                    return new Failure(ErrorCodes.FileGone);
                await sql.ExecuteAsync(
                    """
                    INSERT INTO file_takers (file_no, taker, user_id, awaited, delivered_at, verified_at) VALUES (@No, @Key, @person, @off, @now, @now)
                    ON CONFLICT (file_no, taker) DO UPDATE SET verified_at = @now, delivered_at = COALESCE(file_takers.delivered_at, @now)
                    """,
                    new { file.No, taker.Key, person, off = false, now });
                return null;
            },
            cancellation);

    public Task<Result<IReadOnlyList<DeliveryRow>>> DeliveriesAsync(UserId asking, FileId id, UserId after, int limit, CancellationToken cancellation) =>
        database.SnapshotAsync<Result<IReadOnlyList<DeliveryRow>>>(
            async sql =>
            {
                if (await SqlFileStore.FindAsync(sql, asking, id) is not { } file)
                    return new Failure(ErrorCodes.NotFound);
                if (file.OwnerId != asking)
                    return new Failure(ErrorCodes.Forbidden);
                return Result.Of(await sql.ListAsync<DeliveryRow>(
                    """
                    SELECT u.id, u.username, u.name, u.avatar_hash, t.delivered_at, t.verified_at
                    FROM users u LEFT JOIN file_takers t ON t.file_no = @No AND t.user_id = u.id
                    WHERE u.id > @after AND u.id <> @OwnerId AND u.id IN (
                        SELECT d.user_id FROM file_takers d WHERE d.file_no = @No AND d.delivered_at IS NOT NULL
                        UNION SELECT m.user_id FROM message_files x JOIN chats c ON c.no = (x.message_key >> 32) AND c.deleted_at IS NULL
                            JOIN chat_members m ON m.chat_no = c.no AND m.left_at IS NULL AND m.visible_from < (x.message_key & 4294967295)
                        WHERE x.file_no = @No
                        UNION SELECT r.receiver_id FROM transfers r WHERE r.file_no = @No AND r.ended_at IS NULL)
                    ORDER BY u.id LIMIT @limit
                    """,
                    new { file.No, file.OwnerId, after, limit }));
            },
            cancellation);

    private Task<long?> SizeOfAsync(FileId id, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.FindAsync<long?>("SELECT size FROM files WHERE id = @id", new { id }), cancellation);

    private Task<bool> IsDeliveredAsync(FileId id, Taker taker, CancellationToken cancellation) => database.ReadAsync(
        async sql => await sql.FindAsync<long?>(
            "SELECT t.file_no FROM file_takers t JOIN files f ON f.no = t.file_no WHERE f.id = @id AND t.taker = @Key AND t.delivered_at IS NOT NULL",
            new { id, taker.Key }) is not null,
        cancellation);

    private sealed record GrantRow
    {
        public string RetentionMode { get; init; } = "";

        public DateTimeOffset? RetentionAt { get; init; }

        public DateTimeOffset? EndedAt { get; init; }

        public DateTimeOffset? TakenAt { get; init; }

        public bool IsOver(DateTimeOffset now) => EndedAt is not null || RetentionAt <= now;
    }

    private sealed record TakerRow
    {
        public string? Served { get; init; }

        public DateTimeOffset? DeliveredAt { get; init; }
    }
}
