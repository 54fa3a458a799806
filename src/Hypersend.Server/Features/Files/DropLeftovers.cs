using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Takes out what lost of a file that nobody writes any more, where the store keeps every attempt under a name of its own.
/// Done beside the requests; what is missed here, the sweeper finds.
/// </summary>
internal sealed class DropLeftovers(IUploadStore store, IBlobStore blobs, ILogger<DropLeftovers> log) : BackgroundQueue<FileId>(1000, log)
{
    /// <summary>Whether there is anything to do at all with this store.</summary>
    public bool IsNeeded => blobs is IBlobLeftovers;

    public void Ask(FileId id)
    {
        if (IsNeeded)
            TryAsk(id);
    }

    public async Task DropAsync(FileId id, CancellationToken cancellation)
    {
        if (blobs is IBlobLeftovers leftovers && await store.NamesAsync(id, cancellation) is { } names)
            await leftovers.DropOthersAsync(id, names, cancellation);
    }

    protected override Task DoAsync(FileId item, CancellationToken cancellation) => DropAsync(item, cancellation);
}
