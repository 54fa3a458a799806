using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>Cancels an upload or deletes a file; its space is free at once.</summary>
internal sealed partial class EndFile(IUploadStore store, IBlobStore blobs, IBackupLease backup, OpenUploads uploads, TellOfFile tell, TimeProvider clock, ILogger<EndFile> log)
{
    /// <summary>Done twice, the second finds it done.</summary>
    public async Task<Result<Done>> HandleAsync(FileId id, string state, CancellationToken cancellation)
    {
        // Whoever writes is stopped first, so that no chunk lands in a place that is gone.
        await uploads.CloseAsync(id);
        if (await store.EndAsync(id, state, clock.GetUtcNow(), cancellation) is not { } finished)
            return new Failure(ErrorCodes.NotFound);
        await tell.HandleAsync(finished);
        await SweepAsync(finished.File);
        return new Done();
    }

    /// <summary>An upload whose bytes are of a type that this server does not take is over; other refusals leave it as it is.</summary>
    public async Task IfRefusedForGoodAsync(FileId id, Failure failure)
    {
        if (failure.Code == ErrorCodes.MediaTypeRefused)
            await HandleAsync(id, FileStates.Failed, CancellationToken.None);
    }

    /// <summary>Takes the bytes of an ended file away, unless another one has the same. What fails here, the sweeper does later.</summary>
    public async Task SweepAsync(FileRow file)
    {
        try
        {
            await DropBytesAsync(file, CancellationToken.None);
        }
        catch (Exception exception)
        {
            NotSwept(log, file.No, exception);
        }
    }

    /// <summary>First the bytes, then the word in the row: whoever dies in between does it once more.</summary>
    public async Task DropBytesAsync(FileRow file, CancellationToken cancellation)
    {
        // A backup that runs may still have to copy them; the sweeper comes back for them when it is over.
        if (await backup.IsHeldAsync(cancellation))
            return;
        if (await store.MayDropBytesAsync(file.BytesId, cancellation))
        {
            foreach (var beside in await store.BesideAsync(file.BytesId, cancellation))
                await blobs.DeleteAsync(beside, cancellation);
            await blobs.DeleteAsync(file.BytesId, cancellation);
            await store.SweptAsync(file.BytesId, clock.GetUtcNow(), cancellation);
        }

        if (file.BytesNo is null)
            return;

        // Its thumbnail is its own.
        await blobs.DeleteAsync(file.Id, cancellation);
        await store.SweptAsync(file.Id, clock.GetUtcNow(), cancellation);
    }

    [LoggerMessage(402, LogLevel.Warning, "The bytes of file {FileNo} could not be removed yet")]
    private static partial void NotSwept(ILogger log, long fileNo, Exception exception);
}
