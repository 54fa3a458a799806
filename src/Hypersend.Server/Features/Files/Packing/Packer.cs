using System.Buffers;
using System.IO.Compression;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files.Tus;
using Hypersend.Server.Platform.Threads;

namespace Hypersend.Server.Features.Files.Packing;

/// <summary>Packs one file: read in blocks, packed on the quiet thread, written in parts. It holds one part in memory and no more.</summary>
internal sealed class Packer(IFileStore files, IBlobStore blobs, FileOptions options, QuietThread thread, TimeProvider clock)
{
    private const int Block = 256 * 1024;

    /// <summary>Null when it does not pay. Throws <see cref="NoRoomException"/> when there is no room for it just now.</summary>
    public async Task<PackedForm?> PackAsync(FileRow file, CancellationToken cancellation)
    {
        var size = file.Size!.Value;
        await using var source = new PieceReader(files, blobs, file);
        await using var made = new PackedParts(blobs, options, new FileId(Guid.CreateVersion7(clock.GetUtcNow())));
        var block = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            await using (var gzip = new GZipStream(made.Sink, CompressionLevel.Optimal, leaveOpen: true))
            {
                for (var at = 0L; at < size;)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var count = await source.ReadAsync(at, block.AsMemory(0, (int)Math.Min(Block, size - at)), cancellation);
                    await thread.RunAsync(() => gzip.Write(block, 0, count));
                    at += count;

                    // A part is enough to tell how it goes on.
                    if (made.HasPart && !PackingRules.Pays(made.Length, at))
                        return null;
                    while (made.HasPart)
                        await made.WritePartAsync(cancellation);
                }
            }

            return PackingRules.Pays(made.Length, size) ? await made.FinishAsync(cancellation) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}

/// <summary>What is packed cannot be kept now: the disk is nearly full.</summary>
internal sealed class NoRoomException : Exception;
