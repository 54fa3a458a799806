using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>An upload is its owner's: for everybody else, and for a token of another upload, there is none.</summary>
internal sealed class UploadAccess(IUploadStore store, OpenUploads uploads)
{
    public async ValueTask<Result<StoredUpload>> FindAsync(Caller caller, FileId id, CancellationToken cancellation) =>
        await store.FindAsync(id, cancellation) is { } stored ? Judge(caller, stored.File) is { } refusal ? refusal : stored : new Failure(ErrorCodes.NotFound);

    /// <summary>The same for the many calls that send chunks: what is in memory is enough.</summary>
    public async ValueTask<Failure?> RefuseAsync(Caller caller, FileId id, CancellationToken cancellation)
    {
        if (await uploads.FindAsync(id, cancellation) is { } open)
            return Judge(caller, open.File);
        return (await FindAsync(caller, id, cancellation)).Failure;
    }

    private static Failure? Judge(Caller caller, FileRow file)
    {
        if (file.OwnerId != caller.UserId || file.Role == FileRoles.Part || (caller.OnlyUpload is { } only && only != file.Id))
            return new Failure(ErrorCodes.NotFound);
        return file.State switch
        {
            FileStates.Uploading or FileStates.Ready => null,
            FileStates.Expired => new Failure(ErrorCodes.UploadExpired),
            _ => new Failure(ErrorCodes.NotFound),
        };
    }
}
