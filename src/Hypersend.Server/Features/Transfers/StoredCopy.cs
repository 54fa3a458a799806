using Hypersend.Contracts.Files;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Features.Files;

namespace Hypersend.Server.Features.Transfers;

/// <summary>What becomes of the stored file of a transfer that is over.</summary>
internal sealed class StoredCopy(IFileStore files, EndFile end, DownloadGrants grants)
{
    /// <summary>A file that waited for the receiver alone goes; one that its sender wanted to keep stays, if it is whole.</summary>
    public async Task AfterAsync(TransferRow transfer)
    {
        if (transfer.FileId is not { } id || await files.FindAsync(transfer.SenderId, id, CancellationToken.None) is not { EndedAt: null } file)
            return;
        var isDone = transfer.State == TransferStates.Done;
        if (isDone && file.IsReady)
            await grants.ReceivedAsync(id, transfer.ReceiverId, CancellationToken.None);
        else if (file.RetentionMode == RetentionModes.AfterDelivery || (!isDone && !file.IsReady))
            await end.HandleAsync(id, file.IsReady ? FileStates.Removed : FileStates.Failed, CancellationToken.None);
    }
}
