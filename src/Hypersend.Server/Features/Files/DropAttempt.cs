using Hypersend.Server.Features.Files.Tus;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Gives the space of bytes back that came and do not count: what was refused, overtaken, or left half. Whoever calls had the right to
/// write there. Who lost it leaves the place alone: somebody else's bytes may lie there, whose row is still to come.
/// </summary>
internal sealed partial class DropAttempt(IUploadStore store, ITusStore tus, IBlobStore blobs, ILogger<DropAttempt> log)
{
    /// <summary>One chunk. Where a row names the place, everything stays as it is.</summary>
    public Task HandleAsync(FileRow file, BlobPlace place, ChunkLease lease) => TryAsync(file, async () =>
    {
        if (await lease.KeepAsync() && await store.FindChunkAsync(file.Id, place.Index, CancellationToken.None) is null)
            await blobs.GiveBackAsync(file.BytesId, place, CancellationToken.None);
    });

    /// <summary>All that came behind what is written down of an upload by tus.</summary>
    public Task HandleAsync(FileRow file, long end, IEnumerable<string> names, ChunkLease lease) => TryAsync(file, async () =>
    {
        if (!await lease.KeepAsync() || await tus.FindAsync(file.Id, CancellationToken.None) is not { File: { IsUploading: true } now } || now.ReceivedBytes != file.ReceivedBytes)
            return;
        foreach (var name in names)
            await blobs.GiveBackAsync(file.BytesId, new BlobPlace(0, 0, 0, name), CancellationToken.None);
        if (blobs is not IContinuedBlobs)
            return;
        for (var at = file.ReceivedBytes; at < end;)
        {
            // A place lies within one chunk: a store may keep more between two of them than the next byte.
            var length = (int)Math.Min(file.ChunkSize - (at % file.ChunkSize), end - at);
            await blobs.GiveBackAsync(file.BytesId, new BlobPlace((int)(at / file.ChunkSize), at, length), CancellationToken.None);
            at += length;
        }
    });

    private async Task TryAsync(FileRow file, Func<Task> drop)
    {
        try
        {
            await drop();
        }
        catch (Exception exception) when (EngineFailures.Of(exception) is not null)
        {
            // The store is away, or the file went meanwhile. With the upload these bytes go in any case.
            NotGivenBack(log, file.No, exception);
        }
    }

    [LoggerMessage(418, LogLevel.Debug, "The space of what was given up of file {FileNo} stays taken until the upload is over")]
    private static partial void NotGivenBack(ILogger log, long fileNo, Exception exception);
}
