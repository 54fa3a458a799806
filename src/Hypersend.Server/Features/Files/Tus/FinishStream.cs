using Hypersend.Contracts.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>An upload whose last byte is here becomes a file by itself; nobody asks for it in tus.</summary>
internal sealed class FinishStream(CompleteUpload complete)
{
    /// <summary>Whether it is a file now; asked again after a crash between its last byte and its completion, too.</summary>
    public async Task<Result<bool>> HandleAsync(FileRow file, CancellationToken cancellation)
    {
        if (file.Role != FileRoles.Stream || file.Size != file.ReceivedBytes)
            return Result.Of(file.State == FileStates.Ready);
        if (file.IsUploading && (await complete.HandleAsync(file.Id, null, cancellation)).Failure is { } failure)
            return failure;
        return Result.Of(true);
    }
}
