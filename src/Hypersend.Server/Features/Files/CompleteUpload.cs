using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files.Packing;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>Publishes a file whose chunks are all here: no merge, no reading again, one commit.</summary>
internal sealed class CompleteUpload(IUploadStore store, TellOfFile tell, PackFiles pack, DropLeftovers leftovers, TimeProvider clock)
{
    public async Task<Result<CompletedUpload>> HandleAsync(FileId id, byte[]? expectedRoot, CancellationToken cancellation)
    {
        if (!(await store.CompleteAsync(id, expectedRoot, clock.GetUtcNow(), cancellation)).Succeeded(out var finished, out var failure))
            return failure;
        await tell.HandleAsync(finished);
        var file = finished.File;
        if (file.BytesNo is null)
            leftovers.Ask(id);
        if (file.Packing == PackingStates.Wanted)
            pack.Ask();
        return new CompletedUpload
        {
            FileId = file.Id,
            Filename = file.Filename,
            Size = file.Size!.Value,
            Mime = file.Mime,
            Sha256Root = RootHash.Text(file.Sha256Root),
            Status = "completed",
            DownloadUrl = FileView.DownloadUrl(file.Id),
        };
    }
}
