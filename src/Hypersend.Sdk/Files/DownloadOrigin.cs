using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;

namespace Hypersend.Sdk.Files;

/// <summary>Where a download comes from: a file of the account, or an address that opens one.</summary>
internal abstract class DownloadOrigin
{
    /// <summary>What there is to fetch now; asked again while it is still coming.</summary>
    public abstract Task<DownloadPlan> LookAsync(DownloadPlan? before, CancellationToken cancellation);

    public abstract Task<OpenedBytes> OpenAsync(long from, long to, string? etag, CancellationToken cancellation);

    /// <summary>Says that all of it is here and right, where somebody wants to hear that.</summary>
    public abstract Task ConfirmAsync(CancellationToken cancellation);
}

/// <summary>A file that the account may see; every chunk has its digest, also while others are still coming.</summary>
internal sealed class FileOrigin(FilesClient files, FileId id) : DownloadOrigin
{
    public override async Task<DownloadPlan> LookAsync(DownloadPlan? before, CancellationToken cancellation)
    {
        var file = await files.GetAsync(id, cancellation);
        if (file.State is not (FileStates.Ready or FileStates.Uploading))
            throw new FileGoneException($"The file is {file.State}: there is nothing to fetch.");
        var digests = await files.GetDigestsAsync(id, cancellation);
        return new DownloadPlan(id.ToString(), FetchedFile.Of(file), digests.ChunkSize, file is { State: FileStates.Ready, Sha256Root: null } ? [] : digests.Sha256)
        {
            IsReady = file.State == FileStates.Ready,
        };
    }

    public override Task<OpenedBytes> OpenAsync(long from, long to, string? etag, CancellationToken cancellation) =>
        files.OpenAsync(id, from, to, etag, cancellation);

    public override Task ConfirmAsync(CancellationToken cancellation) => files.ConfirmAsync(id, cancellation);
}
