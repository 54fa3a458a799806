using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>An upload by tus is its owner's: for everybody else, and for a token of another upload, there is none.</summary>
internal sealed class TusAccess(ITusStore store, OpenUploads uploads, LeaseChunk lease)
{
    public async ValueTask<Result<StoredTus>> FindAsync(Caller caller, FileId id, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { File: var file } stored
            || file.OwnerId != caller.UserId || (caller.OnlyUpload is { } only && only != id))
        {
            return new Failure(ErrorCodes.NotFound);
        }

        return file.State switch
        {
            FileStates.Uploading or FileStates.Ready or FileRow.Used => stored,
            FileStates.Expired => new Failure(ErrorCodes.UploadExpired),
            _ => new Failure(ErrorCodes.NotFound),
        };
    }

    /// <summary>
    /// The right to go on with the upload, taken from whoever has it: a client that asks anew has lost its line, also when
    /// the server has not noticed. Null when it takes no bytes any more.
    /// </summary>
    public async ValueTask<TusTurn?> TakeTurnAsync(FileId id, CancellationToken cancellation)
    {
        while (await uploads.FindAsync(id, cancellation) is { } upload)
        {
            if (await upload.ClaimAsync(OpenUpload.Whole, cancellation) is { } claim)
                return await LeaseAsync(upload, claim, cancellation);
            await upload.DrainedAsync().WaitAsync(cancellation);
        }

        return null;
    }

    private async ValueTask<TusTurn> LeaseAsync(OpenUpload upload, ChunkClaim claim, CancellationToken cancellation)
    {
        try
        {
            // Who is put out while waiting gets it first, to give it on: the last to come is waiting for that.
            return new TusTurn(upload, claim, (await lease.HandleAsync(upload, claim, cancellation))!);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }
}

/// <summary>An upload with the right to go on with it.</summary>
internal sealed record TusTurn(OpenUpload Upload, ChunkClaim Claim, ChunkLease Lease) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Lease.DisposeAsync();
        Claim.Dispose();
    }
}
