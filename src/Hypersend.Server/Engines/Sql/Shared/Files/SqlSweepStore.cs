using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using FileOptions = Hypersend.Server.Features.Files.FileOptions;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlSweepStore(SqlDatabase database, FileOptions options) : ISweepStore
{
    /// <summary>Each action with the state it leaves behind, if it ends a file, and when it is due for a file f.</summary>
    private static readonly Dictionary<string, (string? State, string Due)> Rules = new(StringComparer.Ordinal)
    {
        [SweepActions.ExpireUpload] = (FileStates.Expired, "f.state = 'uploading' AND f.expires_at <= @Now"),
        [SweepActions.ExpireFile] = (FileStates.Expired, "f.retention_at <= @Now AND f.ended_at IS NULL AND f.state <> 'creating'"),
        [SweepActions.EndDelivered] = (FileStates.Expired, SqlTakers.IsDelivered),
        [SweepActions.EndFetched] = (
            FileStates.Expired,
            """
            f.retention_mode IN ('downloads', 'after_delivery') AND f.retention_mode = 'downloads' AND f.ended_at IS NULL AND f.state = 'ready'
                AND f.downloads >= f.retention_count
                AND NOT EXISTS (SELECT 1 FROM file_takers t WHERE t.file_no = f.no AND t.taken_at IS NOT NULL AND t.delivered_at IS NULL)
            """),
        [SweepActions.SetExpiry] = (
            null,
            $"""
            f.retention_mode IN ('downloads', 'after_delivery') AND f.retention_mode = 'after_delivery' AND f.ended_at IS NULL AND f.state = 'ready'
                AND f.retention_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM file_takers t WHERE t.file_no = f.no AND t.awaited AND (t.delivered_at IS NOT NULL OR {SqlTakers.StillThere}))
            """),
        [SweepActions.DropHalfMade] = (FileStates.Failed, "f.state IN ('creating', 'uploading') AND f.state = 'creating' AND f.touched_at <= @HalfMade"),
        [SweepActions.RemoveUnused] = (
            FileStates.Removed,
            """
            f.unused_at <= @Unused AND f.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM message_files x WHERE x.file_no = f.no)
                AND NOT EXISTS (SELECT 1 FROM file_links l WHERE l.file_no = f.no AND (l.expires_at IS NULL OR l.expires_at > @Now))
            """),
        [SweepActions.RemoveOfDeleted] = (FileStates.Removed, "f.ended_at IS NULL AND f.state <> 'used' AND f.owner_id IN (SELECT u.id FROM users u WHERE u.deleted_at IS NOT NULL)"),
        [SweepActions.GiveBackSpace] = (
            null, "f.state IN ('creating', 'uploading') AND f.state = 'uploading' AND f.touched_at <= @Idle AND f.reserved > f.received_bytes"),
        [SweepActions.DropBytes] = (
            null,
            $"f.ended_at IS NOT NULL AND f.swept_at IS NULL AND f.ended_at <= @Ended AND (f.bytes_no IS NOT NULL OR {SqlFiles.BytesAreFree})"),
    };

    public Task<IReadOnlyList<FileId>> FindAsync(string action, SweepTimes times, int limit, CancellationToken cancellation) => database.ReadAsync(
        sql => sql.ListAsync<FileId>(
            $"SELECT f.id FROM files f WHERE {Rules[action].Due} LIMIT @limit",
            new { times.Now, times.HalfMade, times.Unused, times.Idle, times.Ended, limit }),
        cancellation);

    public Task<Finished?> EndAsync(FileId id, string action, SweepTimes times, CancellationToken cancellation) => database.WriteAsync<Finished?>(
        async sql => await CarriedFile.TakeAsync(sql, id) is { } carried && await IsDueAsync(sql, carried.Row, action, times)
            ? await SqlFileEnd.EndAsync(sql, carried, Rules[action].State!, times.Now)
            : null,
        cancellation);

    public Task<Finished?> SetExpiryAsync(FileId id, SweepTimes times, CancellationToken cancellation) => database.WriteAsync<Finished?>(
        async sql =>
        {
            if (await CarriedFile.TakeAsync(sql, id) is not { } carried || !await IsDueAsync(sql, carried.Row, SweepActions.SetExpiry, times))
                return null;
            await sql.ExecuteAsync("UPDATE files SET retention_at = @at WHERE no = @No", new { at = times.Now + options.UploadLife, carried.Row.No });
            var changes = await carried.ShowAsync(sql, times.Now);
            return new Finished(carried.Row, changes);
        },
        cancellation);

    public Task GiveBackAsync(FileId id, SweepTimes times, CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            if (await SqlFiles.LockAsync(sql, id) is not { } file || !await IsDueAsync(sql, file, SweepActions.GiveBackSpace, times))
                return;
            await sql.ExecuteAsync("UPDATE files SET reserved = received_bytes WHERE no = @No", new { file.No });
            await SqlFiles.CountAsync(sql, file.OwnerId, file.ReceivedBytes - file.Reserved, files: 0, uploads: 0);
        },
        cancellation);

    public Task<FileRow?> FindToDropAsync(FileId id, SweepTimes times, CancellationToken cancellation) => database.SnapshotAsync(
        async sql => await SqlFiles.FindAsync(sql, id) is { } file && await IsDueAsync(sql, file, SweepActions.DropBytes, times) ? file : null, cancellation);

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellation) => database.ReadAsync(
        async sql =>
        {
            var upload = await sql.FindAsync<long?>("SELECT expires_at FROM files WHERE state = 'uploading' ORDER BY expires_at LIMIT 1");
            var file = await sql.FindAsync<long?>("SELECT retention_at FROM files WHERE retention_at IS NOT NULL AND ended_at IS NULL ORDER BY retention_at LIMIT 1");
            return upload is null && file is null
                ? (DateTimeOffset?)null
                : DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(upload ?? long.MaxValue, file ?? long.MaxValue));
        },
        cancellation);

    public Task<IReadOnlyList<FileRow>> RecentAsync(long afterNo, SweepTimes times, int limit, CancellationToken cancellation) => database.ReadAsync(
        sql => sql.ListAsync<FileRow>(
            SqlFiles.Select + " WHERE f.no > @afterNo AND f.ready_at > @Recent AND f.bytes_no IS NULL AND f.ended_at IS NULL ORDER BY f.no LIMIT @limit",
            new { afterNo, times.Recent, limit }),
        cancellation);

    public Task<IReadOnlyList<FileId>> UnknownAsync(IReadOnlyList<FileId> ids, SweepTimes times, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<FileId>>(
        async sql =>
        {
            var values = new Dapper.DynamicParameters();
            var list = IdList.In(values, "id", ids);
            values.Add("swept", times.Orphaned.ToUnixTimeMilliseconds());
            var known = (await sql.ListAsync<FileId>($"SELECT id FROM files WHERE id IN {list} AND (swept_at IS NULL OR swept_at > @swept) UNION ALL SELECT id FROM file_packs WHERE id IN {list}", values)).ToHashSet();
            return [.. ids.Where(id => !known.Contains(id))];
        },
        cancellation);

    private static async Task<bool> IsDueAsync(SqlSession sql, FileRow file, string action, SweepTimes times) =>
        await sql.FindAsync<long?>(
            $"SELECT f.no FROM files f WHERE f.no = @No AND {Rules[action].Due}",
            new { file.No, times.Now, times.HalfMade, times.Unused, times.Idle, times.Ended }) is not null;
}
