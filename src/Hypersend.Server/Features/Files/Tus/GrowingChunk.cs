using System.Buffers;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>
/// The chunk at the end of an upload while its bytes come. What came of it before is read again at most once: by a store
/// that writes parts whole, or for the digest when this server does not have it in memory.
/// </summary>
internal sealed class GrowingChunk : IAsyncDisposable
{
    private const int BufferLength = 256 * 1024;

    private readonly IBlobWrite _write;
    private readonly HashChunks _hash;
    private ChunkDigests? _digests;

    private GrowingChunk(int index, int filled, IBlobWrite write, HashChunks hash, ChunkDigests? digests) =>
        (Index, Filled, _write, _hash, _digests) = (index, filled, write, hash, digests);

    public int Index { get; }

    public int Filled { get; private set; }

    /// <param name="tail">What is here of this chunk.</param>
    /// <param name="known">What was computed of it, when that is known.</param>
    public static async ValueTask<GrowingChunk> OpenAsync(
        IBlobStore blobs, HashChunks hash, FileRow file, int length, TusTail tail, ChunkDigests? known, CancellationToken cancellation)
    {
        var place = new BlobPlace(tail.Chunk, (long)tail.Chunk * file.ChunkSize, length, tail.Name);
        var isInPlace = blobs is IContinuedBlobs;
        var write = blobs is IContinuedBlobs continued
            ? await continued.ContinueAsync(file.BytesId, place with { Name = null }, tail.Length, cancellation)
            : new SpooledWrite(blobs, file, place);
        var digests = known ?? new ChunkDigests(keepHead: tail.Chunk == 0);
        try
        {
            if (tail.Length > 0 && (known is null || !isInPlace))
                await ReadAgainAsync(blobs, file, place with { Length = tail.Length }, known is null ? digests : null, isInPlace ? null : write, cancellation);
            return new GrowingChunk(tail.Chunk, tail.Length, write, hash, digests);
        }
        catch
        {
            digests.Dispose();
            await write.DisposeAsync();
            throw;
        }
    }

    public async ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation)
    {
        // The disk takes the bytes on its own threads while they are hashed.
        var written = _write.WriteAsync(bytes, cancellation);
        try
        {
            await _hash.AppendAsync(_digests!, bytes);
        }
        finally
        {
            // Whatever became of the other: until this has ended, the bytes are not given back.
            await written;
        }

        Filled += (int)bytes.Length;
    }

    /// <summary>Makes what came durable; the answer is its name.</summary>
    public ValueTask<string?> KeepAsync() => _write.FinishAsync(CancellationToken.None);

    /// <summary>The row of a chunk that is whole now; its digests are used up.</summary>
    public ChunkRow ToRow(string? name) => new() { Chunk = Index, Length = Filled, Crc32 = _digests!.Crc32, Sha256 = _digests.Sha256(), Name = name };

    /// <summary>The first bytes, for who looks what kind of file it is.</summary>
    public ReadOnlySpan<byte> Head => _digests!.Head;

    /// <summary>For whoever goes on with this chunk.</summary>
    public ChunkDigests? TakeDigests() => Interlocked.Exchange(ref _digests, null);

    public ValueTask DisposeAsync()
    {
        _digests?.Dispose();
        return _write.DisposeAsync();
    }

    private static async ValueTask ReadAgainAsync(
        IBlobStore blobs, FileRow file, BlobPlace part, ChunkDigests? digests, IBlobWrite? write, CancellationToken cancellation)
    {
        await using var reader = await blobs.OpenAsync(file.BytesId, cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            for (var at = 0; at < part.Length;)
            {
                var count = await reader.ReadAsync(part, at, buffer, cancellation);
                var bytes = new ReadOnlySequence<byte>(buffer, 0, count);
                digests?.Append(bytes);
                if (write is not null)
                    await write.WriteAsync(bytes, cancellation);
                at += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
