using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Backups;

/// <summary>
/// The durable chunks of a file one after the other, each held against the hash in its row. What cannot be had is zeros, so that the
/// length stays what was said; <see cref="IsDamaged"/> says so afterwards.
/// </summary>
internal sealed class StoredBytes(IBlobStore blobs, FileId file, int chunkSize, IReadOnlyList<ChunkRow> chunks, long length) : PullStream(length)
{
    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _one = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private IBlobReader? _reader;
    private int _chunk;
    private int _at;

    public bool IsDamaged { get; private set; } = chunks.Sum(chunk => (long)chunk.Length) != length;

    /// <summary>The hash of all of it, once it was read to its end.</summary>
    public string Sha256() => Convert.ToHexStringLower(_whole.GetCurrentHash());

    protected override async ValueTask<int> PullAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (_chunk == chunks.Count)
            return 0;
        var row = chunks[_chunk];
        buffer = buffer[..Math.Min(buffer.Length, row.Length - _at)];
        var count = await ReadAsync(row, buffer, cancellation);
        _whole.AppendData(buffer.Span[..count]);
        _one.AppendData(buffer.Span[..count]);
        _at += count;
        if (_at == row.Length)
            EndChunk(row);
        return count;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_reader is not null)
            await _reader.DisposeAsync();
        _whole.Dispose();
        _one.Dispose();
        await base.DisposeAsync();
    }

    private async ValueTask<int> ReadAsync(ChunkRow row, Memory<byte> buffer, CancellationToken cancellation)
    {
        if (!IsDamaged)
        {
            try
            {
                _reader ??= await blobs.OpenAsync(file, cancellation);
                return await _reader.ReadAsync(new BlobPlace(row.Chunk, (long)row.Chunk * chunkSize, row.Length, row.Name), _at, buffer, cancellation);
            }
            catch (Exception exception) when (exception is IOException or DamagedBytesException)
            {
                IsDamaged = true;
            }
        }

        buffer.Span.Clear();
        return buffer.Length;
    }

    private void EndChunk(ChunkRow row)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _one.GetHashAndReset(hash);
        IsDamaged |= !hash.SequenceEqual(row.Sha256);
        (_chunk, _at) = (_chunk + 1, 0);
    }
}
