using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Files.Packing;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Files that lie in the places of their parts.</summary>
internal sealed partial class SqlUploadStore
{
    public Task<Result<Finished>> JoinAsync(FileId id, IReadOnlyList<FileId> parts, SniffedType? type, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Finished>>(
            async sql =>
            {
                if (await CarriedFile.TakeAsync(sql, id) is not { Row.Role: FileRoles.Joined } carried)
                    return new Failure(ErrorCodes.NotFound);
                var file = carried.Row;
                if (file.IsReady)
                    return new Finished(file, []);
                if (!file.IsUploading)
                    return RefusalOf(file);
                if (!(await TakePartsAsync(sql, file, parts)).Succeeded(out var rows, out var refusal))
                    return refusal;

                var size = 0L;
                for (var place = 0; place < rows.Count; place++)
                {
                    var part = rows[place];
                    await sql.ExecuteAsync(
                        "INSERT INTO file_segments (file_no, place, part_no, start) VALUES (@No, @place, @part, @size)", new { file.No, place, part = part.No, size });
                    await sql.ExecuteAsync("UPDATE files SET state = 'used', reserved = 0, ready_at = @now WHERE no = @No", new { now, part.No });
                    size += part.ReceivedBytes;
                }

                await sql.ExecuteAsync(
                    """
                    UPDATE files SET state = 'ready', size = @size, received_bytes = @size, reserved = @size, mime = @mime, kind = @kind, ready_at = @now, touched_at = @now
                    WHERE no = @No
                    """,
                    new { size, mime = type?.Mime ?? file.Mime, kind = type?.Kind ?? file.Kind, now, file.No });
                await SqlFiles.CountAsync(sql, file.OwnerId, size - file.Reserved - rows.Sum(part => part.Reserved), files: 1, uploads: -1 - rows.Count);
                var changes = await carried.ShowAsync(sql, now);
                return new Finished(carried.Row, changes);
            },
            cancellation);

    public Task<IReadOnlyList<FileRow>> UndigestedAsync(long afterNo, CancellationToken cancellation) => database.ReadAsync(
        sql => sql.ListAsync<FileRow>(
            SqlFiles.Select + " WHERE f.role = 'joined' AND f.sha256_root IS NULL AND f.ended_at IS NULL AND f.state = 'ready' AND f.no > @afterNo ORDER BY f.no LIMIT 16", new { afterNo }),
        cancellation);

    public Task AddDigestsAsync(FileRow file, IReadOnlyList<ChunkRow> chunks, CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            // Of a file that has ended meanwhile nothing may be left behind.
            if (await SqlFiles.LockAsync(sql, file.Id) is not { EndedAt: null })
                return;
            foreach (var chunk in chunks)
            {
                await sql.ExecuteAsync(
                    "INSERT INTO file_chunks (file_no, chunk, length, sha256, crc32) VALUES (@No, @Chunk, @Length, @Sha256, @Crc32) ON CONFLICT DO NOTHING",
                    new { file.No, chunk.Chunk, chunk.Length, chunk.Sha256, chunk.Crc32 });
            }
        },
        cancellation);

    public Task<Finished?> DigestedAsync(FileId id, DateTimeOffset now, CancellationToken cancellation) => database.WriteAsync<Finished?>(
        async sql =>
        {
            if (await CarriedFile.TakeAsync(sql, id) is not { Row: { EndedAt: null, Sha256Root: null } } carried)
                return null;
            var file = carried.Row;
            var chunks = await sql.ListAsync<ChunkRow>("SELECT chunk, length, sha256, crc32 FROM file_chunks WHERE file_no = @No ORDER BY chunk", new { file.No });
            if (UploadRules.RefuseToComplete(file, chunks) is not null)
                throw new InvalidOperationException("Not all digests are here.");
            await sql.ExecuteAsync(
                "UPDATE files SET sha256_root = @root, crc32 = @crc, received_chunks = @count, packing = @packing WHERE no = @No",
                new
                {
                    root = RootHash.Of(chunks.Select(chunk => chunk.Sha256)),
                    crc = (long)UploadRules.Crc32Of(chunks),
                    count = chunks.Count,
                    packing = PackingRules.FirstState(file.Mime, file.Size!.Value),
                    file.No,
                });
            var changes = await carried.ShowAsync(sql, now);
            return new Finished(carried.Row, changes);
        },
        cancellation);

    /// <summary>The parts in their order, locked in the order of their numbers.</summary>
    private static async Task<Result<IReadOnlyList<FileRow>>> TakePartsAsync(SqlSession sql, FileRow file, IReadOnlyList<FileId> parts)
    {
        var taken = new Dictionary<FileId, FileRow>();
        foreach (var id in parts.Distinct().OrderBy(id => id.ToString(), StringComparer.Ordinal))
        {
            if (await SqlFiles.LockAsync(sql, id) is not { Role: FileRoles.Part } part || part.OwnerId != file.OwnerId)
                return new Failure(ErrorCodes.NotFound);
            if (part.State == FileRow.Used)
                return new Failure(ErrorCodes.UploadClosed, "One of the parts belongs to another file already.");
            if (!part.IsUploading)
                return RefusalOf(part);
            if (part.Size != part.ReceivedBytes)
                return new Failure(ErrorCodes.PartsUnfinished);
            taken.Add(id, part);
        }

        return taken.Count == parts.Count
            ? Result.Of<IReadOnlyList<FileRow>>([.. parts.Select(id => taken[id])])
            : Failure.OfField(ErrorCodes.MalformedRequest, "Upload-Concat", "names a part twice");
    }

    /// <summary>The bytes of a joined file are gone, and with them those of its parts.</summary>
    private static async Task SweptPartsAsync(SqlSession sql, FileId id, DateTimeOffset now)
    {
        var parts = await sql.ListAsync<long>("SELECT part_no FROM file_segments WHERE file_no = (SELECT no FROM files WHERE id = @id) ORDER BY part_no", new { id });
        if (parts.Count == 0)
            return;
        await sql.ExecuteAsync("DELETE FROM file_segments WHERE part_no " + sql.Dialect.In("keys"), sql.Dialect.Keys(parts));
        await sql.ExecuteAsync("DELETE FROM tus_uploads WHERE file_no " + sql.Dialect.In("keys"), sql.Dialect.Keys(parts));
        await sql.ExecuteAsync("DELETE FROM file_chunks WHERE file_no " + sql.Dialect.In("keys"), sql.Dialect.Keys(parts));
        await sql.ExecuteAsync(
            "UPDATE files SET state = 'removed', ended_at = @now, swept_at = @now WHERE no " + sql.Dialect.In("keys"), sql.Dialect.Keys(parts, new { now }));
    }
}
