using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Files.Tus;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Uploads that come from the first byte to the last.</summary>
internal sealed partial class SqlUploadStore : ITusStore
{
    Task<StoredTus?> ITusStore.FindAsync(FileId id, CancellationToken cancellation) => database.SnapshotAsync(
        async sql =>
        {
            if (await SqlFiles.FindAsync(sql, id) is not { Role: not null } file)
                return null;
            if (await sql.FindAsync<TusRow>("SELECT metadata, tail_chunk, tail_length, tail_name FROM tus_uploads WHERE file_no = @No", new { file.No }) is not { } tus)
            {
                // Swept; its client is still told what became of it.
                return file.EndedAt is null ? null : new StoredTus(file, "", default, []);
            }

            var parts = file.Role == FileRoles.Joined ? await PartsOfAsync(sql, id) : [];
            return new StoredTus(file, tus.Metadata, tus.Tail, parts);
        },
        cancellation);

    public Task<Result<FileRow>> GrowAsync(FileId id, long from, TusGrowth growth, UploadLimits limits, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<FileRow>>(
            async sql =>
            {
                if (await SqlFiles.LockAsync(sql, id) is not { } file)
                    return new Failure(ErrorCodes.NotFound);
                if (!file.IsUploading)
                    return RefusalOf(file);
                if (file.ReceivedBytes != from || !await SqlChunkLeases.HoldsAsync(sql, file.No, OpenUpload.Whole, growth.Lease))
                    return new Failure(ErrorCodes.OffsetMismatch);

                // A part has no type of its own: what it is the beginning of is known when they are put together.
                if (growth.Type is { } type && file.Role == FileRoles.Stream && !MediaTypes.IsAllowed(type.Mime, limits.AllowedTypes))
                    return new Failure(ErrorCodes.MediaTypeRefused);
                var before = await sql.FindAsync<TusRow>("SELECT metadata, tail_chunk, tail_length, tail_name FROM tus_uploads WHERE file_no = @No", new { file.No });
                var received = from - before!.TailLength + growth.Chunks.Sum(chunk => (long)chunk.Length) + growth.Tail.Length;
                if (received > limits.MaxSize)
                    return UploadRules.TooLarge(limits.MaxSize);
                var reserved = file.Size ?? received;
                if (await ReserveAsync(sql, file, reserved, limits) is { } refusal)
                    return refusal;

                foreach (var chunk in growth.Chunks)
                {
                    await sql.ExecuteAsync(
                        "INSERT INTO file_chunks (file_no, chunk, length, sha256, crc32, name) VALUES (@No, @Chunk, @Length, @Sha256, @Crc32, @Name)",
                        new { file.No, chunk.Chunk, chunk.Length, chunk.Sha256, chunk.Crc32, chunk.Name });
                }

                await sql.ExecuteAsync(
                    "UPDATE tus_uploads SET tail_chunk = @Chunk, tail_length = @Length, tail_name = @Name WHERE file_no = @No",
                    new { file.No, growth.Tail.Chunk, growth.Tail.Length, growth.Tail.Name });
                await sql.ExecuteAsync(
                    """
                    UPDATE files SET received_bytes = @received, received_chunks = received_chunks + @count, reserved = @reserved, mime = @mime, kind = @kind,
                        touched_at = @now, expires_at = @expiresAt
                    WHERE no = @No
                    """,
                    new
                    {
                        received,
                        count = growth.Chunks.Count,
                        reserved,
                        mime = growth.Type?.Mime ?? file.Mime,
                        kind = growth.Type?.Kind ?? file.Kind,
                        now,
                        expiresAt = now + limits.Life,
                        file.No,
                    });
                return (await SqlFiles.FindAsync(sql, file.No))!;
            },
            cancellation);

    public Task<Result<FileRow>> SetSizeAsync(FileId id, long size, UploadLimits limits, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<FileRow>>(
            async sql =>
            {
                if (await SqlFiles.LockAsync(sql, id) is not { } file)
                    return new Failure(ErrorCodes.NotFound);
                if (!file.IsUploading)
                    return RefusalOf(file);
                if (file.Size == size)
                    return file;
                if (file.Size is not null || size < file.ReceivedBytes)
                    return Failure.OfField(ErrorCodes.MalformedRequest, "Upload-Length", "must be the length that was given before, and no less than has come");
                if (size > file.Reserved && await RefuseBySpaceAsync(sql, size - file.Reserved, limits) is { } full)
                    return full;
                if (await ReserveAsync(sql, file, size, limits) is { } refusal)
                    return refusal;
                await sql.ExecuteAsync("UPDATE files SET size = @size, reserved = @size, touched_at = @now WHERE no = @No", new { size, now, file.No });
                return file with { Size = size, Reserved = size };
            },
            cancellation);

    public Task<IReadOnlyList<FileId>> BesideAsync(FileId id, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<FileId>>(
        async sql =>
        [
            .. await PartsOfAsync(sql, id),
            .. await sql.ListAsync<FileId>("SELECT id FROM file_packs WHERE file_no = (SELECT no FROM files WHERE id = @id)", new { id }),
        ],
        cancellation);

    public Task<IReadOnlySet<string>?> NamesAsync(FileId id, CancellationToken cancellation) => database.SnapshotAsync<IReadOnlySet<string>?>(
        async sql =>
        {
            if (await SqlFiles.FindAsync(sql, id) is not { State: FileStates.Ready or FileRow.Used, BytesNo: null } file)
                return null;

            // A tail that is left has become a chunk; it is named as long as the row does.
            return (await sql.ListAsync<string>(
                """
                SELECT name FROM file_chunks WHERE file_no = @No AND name IS NOT NULL
                UNION ALL SELECT tail_name FROM tus_uploads WHERE file_no = @No AND tail_name IS NOT NULL
                """,
                new { file.No })).ToHashSet(StringComparer.Ordinal);
        },
        cancellation);

    private static Task<IReadOnlyList<FileId>> PartsOfAsync(SqlSession sql, FileId id) => sql.ListAsync<FileId>(
        "SELECT p.id FROM file_segments s JOIN files p ON p.no = s.part_no WHERE s.file_no = (SELECT no FROM files WHERE id = @id) ORDER BY s.place", new { id });

    /// <summary>Takes more space in the books, if it is more.</summary>
    private static async Task<Failure?> ReserveAsync(SqlSession sql, FileRow file, long reserved, UploadLimits limits)
    {
        if (reserved <= file.Reserved)
            return null;
        var books = await LockBooksAsync(sql, file.OwnerId);
        if (RefuseByQuota(books, reserved - file.Reserved, limits) is { } refusal)
            return refusal;
        await SqlFiles.CountAsync(sql, file.OwnerId, reserved - file.Reserved, files: 0, uploads: 0);
        return null;
    }

    private static Task<int> InsertTusAsync(SqlSession sql, NewFile file) => sql.ExecuteAsync(
        "INSERT INTO tus_uploads (file_no, metadata, tail_chunk, tail_length) VALUES ((SELECT no FROM files WHERE id = @Id), @TusMetadata, 0, 0)",
        new { file.Id, file.TusMetadata });

    private sealed record TusRow
    {
        public string Metadata { get; init; } = "";

        public int TailChunk { get; init; }

        public int TailLength { get; init; }

        public string? TailName { get; init; }

        public TusTail Tail => new(TailChunk, TailLength, TailName);
    }
}
