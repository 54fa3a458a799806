using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Blobs.Disk;
using Hypersend.Server.Features.Files;

namespace Hypersend.Server.Engines.Blobs.Sealed;

/// <summary>
/// A folder of sealed files. A part that is written in several goes ends in a frame that is not full: it lies in one of two
/// rests until it is, and the next such end goes into the other, so that what was acknowledged is never written over.
/// </summary>
internal sealed class SealedFolder(DiskBlobStore inner, FileSeals seals) : SealedBlobStore(inner, seals), IContinuedBlobs
{
    private readonly DiskBlobStore _inner = inner;

    protected override bool HasRests => true;

    public async ValueTask<IBlobWrite> ContinueAsync(FileId file, BlobPlace place, int from, CancellationToken cancellation)
    {
        if (await Seals.FindAsync(file, cancellation) is not { } key)
            return await _inner.ContinueAsync(file, place, from, cancellation);
        var (whole, rest) = (from / Frame.Content, from % Frame.Content);

        // What is gathered of a frame lives as long as the write; it is less than one.
        var gathered = rest == 0 ? [] : new byte[rest];
        var next = rest == 0 ? 0 : Other(await ReadRestAsync(file, key, place with { Length = from }, gathered, cancellation));
        var write = await _inner.ContinueAsync(file, SealedPlace.Of(place), whole * Frame.Length, cancellation);
        return new SealedWrite(write, new Frame(key, file), place, new SealedWrite.Begun(
            from, gathered, ending => _inner.WriteAsync(file, SealedPlace.RestOf(place, next), ending)));
    }

    private static int Other(int which) => which == 0 ? 1 : 0;

    private async ValueTask<int> ReadRestAsync(FileId file, byte[] key, BlobPlace begun, Memory<byte> into, CancellationToken cancellation)
    {
        await using var reader = await OpenSealedAsync(file, key, cancellation);
        return await reader.ReadLastAsync(begun, into, cancellation);
    }
}
