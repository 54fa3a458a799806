using System.Buffers;
using System.Net;

namespace Hypersend.Sdk.Files;

/// <summary>A chunk as the body of a request: read as it leaves, in small pieces, from the file or from memory.</summary>
internal sealed class ChunkContent(UploadSource source, long offset, int length, IReadOnlyList<byte[]> kept, Action<int> passed) : HttpContent
{
    // Small enough that on a slow line one of them goes out long before its request counts as stalled.
    private const int Piece = 256 * 1024;

    protected override bool TryComputeLength(out long size)
    {
        size = length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = kept.Count > 0 ? [] : ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            for (var at = 0; at < length;)
            {
                var count = Math.Min(Piece, length - at);
                if (kept.Count == 0 && await source.ReadAsync(offset + at, buffer.AsMemory(0, count), cancellationToken) < count)
                    throw new SourceChangedException("The file became shorter while it was sent.");
                await stream.WriteAsync(kept.Count > 0 ? kept[at / Blocks.Length].AsMemory(at % Blocks.Length, count) : buffer.AsMemory(0, count), cancellationToken);
                at += count;
                passed(count);
            }
        }
        finally
        {
            if (kept.Count == 0)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
