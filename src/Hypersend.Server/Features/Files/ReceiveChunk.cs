using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Takes one chunk: hashed while it is written to its place in the final file, durable, then its row, then the answer.
/// A chunk whose row is there is never written again; its bytes are only compared.
/// </summary>
internal sealed class ReceiveChunk(
    OpenUploads uploads, IUploadStore store, IBlobStore blobs, RoomForBytes room, LeaseChunk lease, HashChunks hash, DropAttempt drop, InitUpload init, UploadProgress progress, BodyFlow flow, TimeProvider clock)
{
    public async Task<Result<ChunkReceived>> HandleAsync(FileId id, int index, PipeReader body, long? length, byte[]? expected, CancellationToken cancellation)
    {
        while (true)
        {
            if (await uploads.FindAsync(id, cancellation) is not { } upload)
                return await RefusalAsync(id, index, body, expected, cancellation);
            if (Refuse(upload, index, length) is { } refusal)
            {
                // Another server may have ended the upload, and then that is the answer.
                if (await store.FindAsync(id, cancellation) is { File.IsUploading: true })
                    return refusal;
                uploads.Forget(upload);
                continue;
            }

            if (upload.Has(index))
                return await CompareAsync(upload.File, index, body, expected, cancellation);
            using var claim = await upload.ClaimAsync(index, cancellation);
            if (claim is null)
            {
                await upload.DrainedAsync().WaitAsync(cancellation);
                continue;
            }

            // Whoever held the claim before may have brought it to its end.
            if (upload.Has(index))
                return await CompareAsync(upload.File, index, body, expected, cancellation);
            if (await WriteAsync(upload, claim, body, length, expected, cancellation) is { } answer)
                return answer;

            // It came to another server, which may have ended the upload too.
            if (await store.FindAsync(id, cancellation) is { File.IsUploading: true } stored)
                upload.Landed(stored.File, index);
            else
                uploads.Forget(upload);
        }
    }

    private static Failure? Refuse(OpenUpload upload, int index, long? length)
    {
        if (upload.File.Role is not null)
            return new Failure(ErrorCodes.UploadClosed, "This upload is sent by tus, from the first byte to the last.");
        if (!upload.Grid.Has(index))
            return new Failure(ErrorCodes.ChunkOutOfRange);
        return length is { } announced && !Fits(upload, index, announced) ? WrongLength(upload, index, announced) : null;
    }

    /// <summary>Null when another server has written it meanwhile.</summary>
    private async Task<Result<ChunkReceived>?> WriteAsync(
        OpenUpload upload, ChunkClaim claim, PipeReader body, long? announced, byte[]? expected, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, claim.Superseded);
        try
        {
            await using var leased = await lease.HandleAsync(upload, claim, either.Token);
            if (leased is null)
                return null;
            var (grid, index) = (upload.Grid, claim.Chunk);
            var most = announced ?? grid.LengthOf(index);
            if (UploadRules.RefuseBesideShort(upload.File, index, most, upload.Last) is { } tooShort)
                return tooShort;
            if (!(await room.AskAsync(upload.File, announced ?? 1, most, init.Limits(), either.Token)).Succeeded(out var allowance, out var noRoom))
                return noRoom;
            using (allowance)
            {
                // A bucket is told the length before the first byte: where the client says it, nothing has to be filled up.
                var place = new BlobPlace(index, grid.OffsetOf(index), (int)Math.Min(most, allowance.Bytes));
                return await WriteAsync(upload, place, leased, allowance.Beyond, body, expected, either.Token);
            }
        }
        catch (OperationCanceledException) when (claim.Superseded.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new Failure(ErrorCodes.ChunkSuperseded);
        }
        catch (EngineUnavailableException) when (!cancellation.IsCancellationRequested)
        {
            // The upload may have ended between the look at its row and the first byte. Then there is no place to write to,
            // and that is no fault of the storage.
            var stored = await store.FindAsync(upload.File.Id, cancellation);
            if (stored is { File.IsUploading: true })
                throw;
            uploads.Ended(stored?.File ?? upload.File);
            return await RefusalAsync(upload.File.Id, claim.Chunk, body, expected, cancellation);
        }
    }

    /// <param name="beyond">What is said when more comes than there is room for; null when the place is as long as the chunk.</param>
    private async Task<Result<ChunkReceived>> WriteAsync(
        OpenUpload upload, BlobPlace place, ChunkLease leased, Failure? beyond, PipeReader body, byte[]? expected, CancellationToken cancellation)
    {
        var (index, mayCount) = (place.Index, false);
        try
        {
            await using var write = await blobs.WriteAsync(upload.File.BytesId, place, cancellation);
            using var digests = new ChunkDigests(keepHead: index == 0);
            if (await ReadAsync(body, place.Length, digests, write, leased, cancellation) is not { } length)
                return new Failure(ErrorCodes.ChunkSuperseded);
            if (length > place.Length && place.Length < upload.Grid.LengthOf(index) && beyond is not null)
                return beyond;
            if (!Fits(upload, index, length))
                return WrongLength(upload, index, length);
            var sha256 = digests.Sha256();
            if (expected is not null && !CryptographicOperations.FixedTimeEquals(sha256, expected))
                return new Failure(ErrorCodes.ChecksumMismatch);

            // Some of it may only be written now.
            if (!leased.IsSure)
                return new Failure(ErrorCodes.ChunkSuperseded);
            place = place with { Name = await write.FinishAsync(cancellation) };
            var row = new ChunkRow { Chunk = index, Length = (int)length, Sha256 = sha256, Crc32 = digests.Crc32, Name = place.Name, Lease = leased.Holder };

            // When the answer of the database is lost, the row may be there all the same.
            mayCount = true;
            var answer = await AddAsync(upload, row, index == 0 ? Sniff(upload.File, digests.Head) : null);
            mayCount = leased.IsSpent = answer.Failure is null;
            return answer;
        }
        finally
        {
            if (!mayCount)
                await drop.HandleAsync(upload.File, place, leased);
        }
    }

    // Not cancelled by a client that goes: the bytes are durable, and the row is all that is missing.
    private async Task<Result<ChunkReceived>> AddAsync(OpenUpload upload, ChunkRow row, SniffedType? type)
    {
        if (!(await store.AddChunkAsync(upload.File.Id, row, type, init.Limits(), clock.GetUtcNow(), CancellationToken.None)).Succeeded(out var added, out var failure))
            return await IsThereAsync(upload, row, failure) ? Answer(upload.File, row.Chunk) : failure;
        upload.Landed(added.File, row.Chunk);
        if (!added.WasThere)
            FileMetrics.Received(row.Length);
        if (added.WasThere && !added.Chunk.Sha256.AsSpan().SequenceEqual(row.Sha256))
            return new Failure(ErrorCodes.ChunkConflict);
        progress.Note(upload);
        return Answer(added.File, row.Chunk);
    }

    // Another server may have ended the upload. A chunk of a finished one that comes once more is no error.
    private async Task<bool> IsThereAsync(OpenUpload upload, ChunkRow row, Failure failure)
    {
        if (failure.Code is not (ErrorCodes.UploadClosed or ErrorCodes.UploadExpired or ErrorCodes.NotFound))
            return false;
        uploads.Forget(upload);
        return failure.Code == ErrorCodes.UploadClosed
            && await store.FindChunkAsync(upload.File.Id, row.Chunk, CancellationToken.None) is { } before && before.Sha256.AsSpan().SequenceEqual(row.Sha256);
    }

    private async Task<Result<ChunkReceived>> CompareAsync(FileRow file, int index, PipeReader body, byte[]? expected, CancellationToken cancellation)
    {
        using var digests = new ChunkDigests(keepHead: false);
        await ReadAsync(body, file.ChunkSize, digests, write: null, ChunkLease.None, cancellation);
        var sha256 = digests.Sha256();
        if (expected is not null && !CryptographicOperations.FixedTimeEquals(sha256, expected))
            return new Failure(ErrorCodes.ChecksumMismatch);

        // It was there; without its row the upload is over since, here or on another server.
        if (await store.FindChunkAsync(file.Id, index, cancellation) is not { } row)
            return new Failure(CodeOfEnded((await store.FindAsync(file.Id, cancellation))?.File.State));
        return row.Sha256.AsSpan().SequenceEqual(sha256) ? Answer(file, index) : new Failure(ErrorCodes.ChunkConflict);
    }

    /// <summary>There is no such upload, or not any more. A chunk of a finished one that comes once more is no error.</summary>
    private async Task<Result<ChunkReceived>> RefusalAsync(FileId id, int index, PipeReader body, byte[]? expected, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { } stored)
            return new Failure(ErrorCodes.NotFound);
        if (stored.File.IsReady && stored.Chunks.Contains(index))
            return await CompareAsync(stored.File, index, body, expected, cancellation);
        return new Failure(CodeOfEnded(stored.File.State));
    }

    private static string CodeOfEnded(string? state) => state switch
    {
        FileStates.Ready => ErrorCodes.UploadClosed,
        FileStates.Expired => ErrorCodes.UploadExpired,
        _ => ErrorCodes.NotFound,
    };

    /// <summary>Reads to the end of the body, but not further than one byte past what fits. Null when the place may be another server's by now.</summary>
    private async ValueTask<long?> ReadAsync(PipeReader body, int most, ChunkDigests digests, IBlobWrite? write, ChunkLease leased, CancellationToken cancellation)
    {
        using var mine = flow.Begin();
        var sum = 0L;
        while (true)
        {
            var read = await body.ReadAsync(cancellation);
            var bytes = read.Buffer;
            if (bytes.Length < mine.Step && !read.IsCompleted && sum + bytes.Length <= most)
            {
                body.AdvanceTo(bytes.Start, bytes.End);
                continue;
            }

            try
            {
                if (sum + bytes.Length > most)
                    return sum + bytes.Length;
                if (!bytes.IsEmpty)
                {
                    await mine.GiveWayAsync();
                    if (!leased.IsSure)
                        return null;

                    // The disk takes the bytes on its own threads while they are hashed.
                    var writing = write?.WriteAsync(bytes, cancellation) ?? default;
                    try
                    {
                        await hash.AppendAsync(digests, bytes);
                    }
                    finally
                    {
                        // Whatever became of the other: until this has ended, the bytes are not given back.
                        await writing;
                    }

                    sum += bytes.Length;
                }
            }
            finally
            {
                // Also when a write fails: what is left of the body is dropped by others, who could not read it otherwise.
                body.AdvanceTo(bytes.End);
            }

            if (read.IsCompleted)
                return sum;
        }
    }

    private static SniffedType? Sniff(FileRow file, ReadOnlySpan<byte> head)
    {
        var mime = MediaTypes.Sniff(head, file.Mime, file.Filename);
        return mime == file.Mime ? null : new SniffedType(mime, MediaTypes.KindOf(mime, file.Kind == Contracts.Messages.MessageTypes.Voice));
    }

    // Of an upload without a known size the last chunk may be shorter; which one is the last is known at the end.
    private static bool Fits(OpenUpload upload, int index, long length) => upload.Grid.Size is null
        ? length > 0 && length <= upload.Grid.ChunkSize
        : length == upload.Grid.LengthOf(index);

    private static Failure WrongLength(OpenUpload upload, int index, long length) => new(
        ErrorCodes.WrongLength, $"Chunk {index} has {upload.Grid.LengthOf(index)} bytes; {length} came.");

    private static ChunkReceived Answer(FileRow file, int index) => new()
    {
        ChunkIndex = index,
        ReceivedBytes = file.ReceivedBytes,
        ReceivedChunks = file.ReceivedChunks,
    };
}

/// <summary>What is computed of a chunk while it passes.</summary>
internal sealed class ChunkDigests(bool keepHead) : IDisposable
{
    private const int HeadLength = 4096;

    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _head = keepHead ? new byte[HeadLength] : [];
    private int _headLength;

    public uint Crc32 { get; private set; }

    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _headLength);

    public byte[] Sha256() => _sha256.GetHashAndReset();

    public void Append(ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            var span = segment.Span;
            _sha256.AppendData(span);
            Crc32 = Files.Crc32.Append(Crc32, span);
            var room = Math.Min(_head.Length - _headLength, span.Length);
            span[..room].CopyTo(_head.AsSpan(_headLength));
            _headLength += room;
        }
    }

    public void Dispose() => _sha256.Dispose();
}
