using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Files.Packing;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>From the first chunk to the published file.</summary>
internal sealed partial class SqlUploadStore
{
    public Task<Result<AddedChunk>> AddChunkAsync(
        FileId id, ChunkRow chunk, SniffedType? type, UploadLimits limits, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<AddedChunk>>(
            async sql =>
            {
                if (await SqlFiles.LockAsync(sql, id) is not { } file)
                    return new Failure(ErrorCodes.NotFound);
                if (!file.IsUploading || file.BytesNo is not null)
                    return RefusalOf(file);
                if (await sql.FindAsync<ChunkRow>(
                    "SELECT chunk, length, sha256, crc32, name FROM file_chunks WHERE file_no = @No AND chunk = @Chunk", new { file.No, chunk.Chunk }) is { } before)
                {
                    return new AddedChunk(file, before, WasThere: true);
                }

                if (type is not null && !MediaTypes.IsAllowed(type.Mime, limits.AllowedTypes))
                    return new Failure(ErrorCodes.MediaTypeRefused);
                if (file.Size is null && UploadRules.RefuseBesideShort(
                    file, chunk.Chunk, chunk.Length, await sql.ScalarAsync<int?>("SELECT MAX(chunk) FROM file_chunks WHERE file_no = @No", new { file.No }) ?? -1) is { } tooShort)
                {
                    return tooShort;
                }

                var received = file.ReceivedBytes + chunk.Length;
                if (received > limits.MaxSize)
                    return UploadRules.TooLarge(limits.MaxSize);

                // Of a file without a known size every chunk is counted when it comes; of one that was quiet for long, the
                // space was given to others meanwhile.
                var reserved = file.Size ?? received;
                if (reserved > file.Reserved)
                {
                    var books = await LockBooksAsync(sql, file.OwnerId);
                    if (RefuseByQuota(books, reserved - file.Reserved, limits) is { } refusal)
                        return refusal;

                    // What has come is on the disk already; what is still to come must find room beside what others were promised.
                    if (await RefuseBySpaceAsync(sql, reserved - received, limits) is { } full)
                        return full;
                    await SqlFiles.CountAsync(sql, file.OwnerId, reserved - file.Reserved, files: 0, uploads: 0);
                }

                if (!await SqlChunkLeases.SpendAsync(sql, file.No, chunk.Chunk, chunk.Lease))
                    return new Failure(ErrorCodes.ChunkSuperseded);
                await sql.ExecuteAsync(
                    "INSERT INTO file_chunks (file_no, chunk, length, sha256, crc32, name) VALUES (@No, @Chunk, @Length, @Sha256, @Crc32, @Name)",
                    new { file.No, chunk.Chunk, chunk.Length, chunk.Sha256, chunk.Crc32, chunk.Name });
                var after = file with
                {
                    ReceivedBytes = received,
                    ReceivedChunks = file.ReceivedChunks + 1,
                    Reserved = reserved,
                    Mime = type?.Mime ?? file.Mime,
                    Kind = type?.Kind ?? file.Kind,
                    ExpiresAt = now + limits.Life,
                };
                await sql.ExecuteAsync(
                    """
                    UPDATE files SET received_bytes = @ReceivedBytes, received_chunks = @ReceivedChunks, reserved = @Reserved, mime = @Mime, kind = @Kind,
                        touched_at = @now, expires_at = @ExpiresAt
                    WHERE no = @No
                    """,
                    new { after.ReceivedBytes, after.ReceivedChunks, after.Reserved, after.Mime, after.Kind, now, after.ExpiresAt, after.No });
                return new AddedChunk(after, chunk, WasThere: false);
            },
            cancellation);

    public Task<Result<Finished>> CompleteAsync(FileId id, byte[]? expectedRoot, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Finished>>(
            async sql =>
            {
                if (await CarriedFile.TakeAsync(sql, id) is not { } carried)
                    return new Failure(ErrorCodes.NotFound);
                var file = carried.Row;
                if (file.IsReady)
                    return Differs(file.Sha256Root, expectedRoot) ? new Failure(ErrorCodes.ChecksumMismatch) : new Finished(file, []);
                if (!file.IsUploading)
                    return RefusalOf(file);
                var chunks = await sql.ListAsync<ChunkRow>(
                    "SELECT chunk, length, sha256, crc32 FROM file_chunks WHERE file_no = @no ORDER BY chunk", new { no = file.BytesNo ?? file.No });
                if (UploadRules.RefuseToComplete(file, chunks) is { } refusal)
                    return refusal;
                var root = RootHash.Of(chunks.Select(chunk => chunk.Sha256));
                if (Differs(root, expectedRoot))
                    return new Failure(ErrorCodes.ChecksumMismatch);

                var size = chunks.Sum(chunk => (long)chunk.Length);
                await sql.ExecuteAsync(
                    """
                    UPDATE files SET state = 'ready', size = @size, received_bytes = @size, received_chunks = @count, reserved = @size, sha256_root = @root,
                        crc32 = @crc, packing = @packing, ready_at = @now, touched_at = @now
                    WHERE no = @No
                    """,
                    new
                    {
                        size,
                        count = chunks.Count,
                        root,
                        crc = (long)UploadRules.Crc32Of(chunks),

                        // Of bytes that are another file's, that one says it.
                        packing = file.BytesNo is null ? PackingRules.FirstState(file.Mime, size) : null,
                        now,
                        file.No,
                    });
                await SqlFiles.CountAsync(sql, file.OwnerId, size - file.Reserved, files: 1, uploads: -1);
                await SqlTakers.SettleAsync(sql, file.No, size, now);
                if (file.RetentionMode == RetentionModes.AfterDelivery)
                    await SqlTakers.AwaitAsync(sql, file.No, file.OwnerId);
                var changes = await carried.ShowAsync(sql, now);
                return new Finished(carried.Row, changes);
            },
            cancellation);

    public Task<Finished?> EndAsync(FileId id, string state, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Finished?>(
            async sql =>
            {
                // A part may have become another file's since somebody looked: its bytes are that one's, and end with it.
                if (await CarriedFile.TakeAsync(sql, id) is not { Row: { EndedAt: null, State: not FileRow.Used } } carried)
                    return null;

                // It may have become ready since somebody looked: then it is no upload that failed.
                var ended = carried.Row.IsReady && state == FileStates.Failed ? FileStates.Removed : state;
                return await SqlFileEnd.EndAsync(sql, carried, ended, now);
            },
            cancellation);

    public Task<bool> MayDropBytesAsync(FileId id, CancellationToken cancellation) => database.ReadAsync(
        async sql => await sql.FindAsync<long?>(
            $"SELECT f.no FROM files f WHERE f.id = @id AND f.ended_at IS NOT NULL AND f.bytes_no IS NULL AND {SqlFiles.BytesAreFree}", new { id }) is not null,
        cancellation);

    public Task SweptAsync(FileId id, DateTimeOffset now, CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            await SweptPartsAsync(sql, id, now);
            await sql.ExecuteAsync("DELETE FROM tus_uploads WHERE file_no = (SELECT no FROM files WHERE id = @id)", new { id });
            await sql.ExecuteAsync("DELETE FROM file_packs WHERE file_no = (SELECT no FROM files WHERE id = @id)", new { id });
            await sql.ExecuteAsync("DELETE FROM file_chunks WHERE file_no = (SELECT no FROM files WHERE id = @id)", new { id });
            await sql.ExecuteAsync("DELETE FROM chunk_leases WHERE file_no = (SELECT no FROM files WHERE id = @id)", new { id });
            await sql.ExecuteAsync("UPDATE files SET swept_at = @now WHERE id = @id", new { id, now });
        },
        cancellation);

    /// <summary>What is said of an upload that takes nothing more. Who may ask was seen before.</summary>
    private static Failure RefusalOf(FileRow file) => new(file.State switch
    {
        FileStates.Expired => ErrorCodes.UploadExpired,
        FileStates.Failed or FileStates.Removed or FileRow.Creating => ErrorCodes.NotFound,
        _ => ErrorCodes.UploadClosed,
    });

    private static bool Differs(byte[]? root, byte[]? expected) => expected is not null && !expected.AsSpan().SequenceEqual(root);
}
