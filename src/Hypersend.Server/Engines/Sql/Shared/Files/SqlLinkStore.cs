using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Links;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlLinkStore(SqlDatabase database) : ILinkStore
{
    private const string Select = "SELECT l.id, l.password_hash, l.max_downloads, l.downloads, l.created_at, l.expires_at FROM file_links l";

    public Task<Result<LinkRow>> AddAsync(UserId owner, FileId file, NewLink link, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<LinkRow>>(
            async sql =>
            {
                if (!(await FindOwnedAsync(sql, owner, file)).Succeeded(out var owned, out var refusal))
                    return refusal;

                // Locked, so that it does not end meanwhile, and so that its links are counted one after the other.
                if (await SqlFiles.LockAsync(sql, owned.Id) is not { EndedAt: null } row)
                    return new Failure(ErrorCodes.FileGone);
                if (await sql.ScalarAsync<long>("SELECT COUNT(*) FROM file_links WHERE file_no = @No", new { row.No }) >= NewLink.MostOfOneFile)
                    return new Failure(ErrorCodes.TooManyLinks);
                await sql.ExecuteAsync(
                    """
                    INSERT INTO file_links (id, file_no, token_hash, password_hash, max_downloads, downloads, created_at, expires_at)
                    VALUES (@Id, @No, @TokenHash, @PasswordHash, @MaxDownloads, 0, @now, @ExpiresAt)
                    """,
                    new { link.Id, row.No, link.TokenHash, link.PasswordHash, link.MaxDownloads, now, link.ExpiresAt });
                return (await sql.FindAsync<LinkRow>(Select + " WHERE l.id = @Id", new { link.Id }))!;
            },
            cancellation);

    public Task<Result<IReadOnlyList<LinkRow>>> ListAsync(UserId owner, FileId file, CancellationToken cancellation) =>
        database.SnapshotAsync<Result<IReadOnlyList<LinkRow>>>(
            async sql => (await FindOwnedAsync(sql, owner, file)).Succeeded(out var owned, out var refusal)
                ? Result.Of(await sql.ListAsync<LinkRow>(Select + " WHERE l.file_no = @No ORDER BY l.id DESC", new { owned.No }))
                : refusal,
            cancellation);

    public Task<bool> DeleteAsync(UserId owner, LinkId id, CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            if (await sql.ExecuteAsync("DELETE FROM file_links WHERE id = @id AND file_no IN (SELECT no FROM files WHERE owner_id = @owner)", new { id, owner }) == 0)
                return false;
            await sql.ExecuteAsync("DELETE FROM file_visits WHERE link_id = @id", new { id });
            return true;
        },
        cancellation);

    public Task<FoundLink?> FindAsync(byte[] tokenHash, CancellationToken cancellation) => database.SnapshotAsync(
        async sql => await sql.FindAsync<LinkRow>(Select + " WHERE l.token_hash = @tokenHash", new { tokenHash }) is { } link
            ? new FoundLink(link, (await FileOfAsync(sql, link.Id))!)
            : null,
        cancellation);

    public Task<Failure?> LookAsync(LinkId id, string visitor, DateTimeOffset? counted, CancellationToken cancellation) => database.SnapshotAsync<Failure?>(
        async sql =>
        {
            if (await FileOfAsync(sql, id) is not { } file || await sql.FindAsync<LinkRow>(Select + " WHERE l.id = @id", new { id }) is not { } link)
                return new Failure(ErrorCodes.NotFound);
            if (link.Downloads >= link.MaxDownloads && !await IsCountedAsync(sql, id, visitor, counted))
                return new Failure(ErrorCodes.LinkGone);
            return file.RetentionMode == RetentionModes.Downloads && file.Downloads >= file.RetentionCount && !await HasTakenAsync(sql, file, Taker.Of(id, visitor))
                ? new Failure(ErrorCodes.FileGone)
                : null;
        },
        cancellation);

    public Task<Failure?> TakeAsync(LinkId id, string visitor, DateTimeOffset? counted, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                if (await FileOfAsync(sql, id) is not { } file)
                    return new Failure(ErrorCodes.NotFound);

                // The file first, as everybody locks; then the link, whose count this changes. A refusal is no exception, so
                // nothing is written before both have agreed.
                await SqlFiles.LockAsync(sql, file.Id);
                if (await sql.FindAsync<long?>("SELECT file_no FROM file_links WHERE id = @id" + sql.Dialect.ForUpdate, new { id }) is null ||
                    await sql.FindAsync<LinkRow>(Select + " WHERE l.id = @id", new { id }) is not { } link)
                    return new Failure(ErrorCodes.NotFound);
                if (link.ExpiresAt <= now)
                    return new Failure(ErrorCodes.LinkGone);
                var isCounted = await IsCountedAsync(sql, id, visitor, counted);
                if (!isCounted && link.Downloads >= link.MaxDownloads)
                    return new Failure(ErrorCodes.LinkGone);
                var refusal = await SqlRetentionStore.TakeAsync(sql, file.Id, Taker.Of(id, visitor), now);
                if (refusal is null && isCounted)
                    await SeenAsync(sql, id, visitor, now);
                if (refusal is not null || isCounted)
                    return refusal;
                await sql.ExecuteAsync(
                    "INSERT INTO file_visits (link_id, visitor, at) VALUES (@id, @visitor, @now) ON CONFLICT (link_id, visitor) DO UPDATE SET at = @now",
                    new { id, visitor, now });
                await sql.ExecuteAsync("UPDATE file_links SET downloads = downloads + 1 WHERE id = @id", new { id });
                return (Failure?)null;
            },
            cancellation);

    public Task SeenAsync(LinkId id, string visitor, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(sql => SeenAsync(sql, id, visitor, now), cancellation);

    private static Task<int> SeenAsync(SqlSession sql, LinkId id, string visitor, DateTimeOffset now) =>
        sql.ExecuteAsync("UPDATE file_visits SET at = @now WHERE link_id = @id AND visitor = @visitor AND at < @now", new { id, visitor, now });

    private static async Task<bool> IsCountedAsync(SqlSession sql, LinkId id, string visitor, DateTimeOffset? counted) =>
        await sql.FindAsync<long?>("SELECT at FROM file_visits WHERE link_id = @id AND visitor = @visitor", new { id, visitor }) is { } at
        && (counted is null || at > counted.Value.ToUnixTimeMilliseconds());

    private static async Task<bool> HasTakenAsync(SqlSession sql, FileRow file, Taker taker) =>
        await sql.FindAsync<long?>("SELECT taken_at FROM file_takers WHERE file_no = @No AND taker = @Key", new { file.No, taker.Key }) is not null;

    private static Task<FileRow?> FileOfAsync(SqlSession sql, LinkId id) =>
        sql.FindAsync<FileRow>(SqlFiles.Select + " JOIN file_links l ON l.file_no = f.no WHERE l.id = @id", new { id });

    /// <summary>A stranger hears of nothing; who only sees the file hears that it is not theirs to share.</summary>
    private static async Task<Result<FileRow>> FindOwnedAsync(SqlSession sql, UserId owner, FileId id)
    {
        if (await SqlFileStore.FindAsync(sql, owner, id) is not { } file)
            return new Failure(ErrorCodes.NotFound);
        return file.OwnerId == owner ? file : new Failure(ErrorCodes.Forbidden);
    }
}
