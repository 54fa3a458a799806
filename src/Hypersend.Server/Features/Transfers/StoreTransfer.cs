using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Transfers;

/// <summary>
/// Makes an open transfer a stored upload on the same grid, so that what the receiver has stays good and the rest may come by
/// the server's disk. Said again, the same upload is the answer, with a fresh token.
/// </summary>
internal sealed class StoreTransfer(ITransferStore store, InitUpload init, EndFile end, TransferNews news)
{
    public async Task<Result<Upload>> HandleAsync(Caller caller, TransferId id, StoreTransferRequest? request, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, caller.UserId, cancellation) is not { } transfer)
            return new Failure(ErrorCodes.NotFound);
        if (caller.UserId != transfer.SenderId)
            return new Failure(ErrorCodes.Forbidden, "It is the sender's to store.");
        if (!transfer.IsOpen)
            return new Failure(ErrorCodes.TransferEnded);
        if (!await store.MaySignalAsync(id, transfer.SenderId, transfer.ReceiverId, cancellation))
            return new Failure(ErrorCodes.Blocked);
        if (!(await init.BeginAsync(caller, UploadOf(transfer, request), null, null, shows: false, cancellation)).Succeeded(out var opened, out var failure))
            return failure;
        var file = opened.Stored.File;
        if (transfer.FileId != file.Id && await AttachAsync(transfer, file) is { } over)
            return over;
        return init.Present(caller, opened.Stored, message: null);
    }

    // The upload is there; who goes now must not leave it to nobody.
    private async Task<Failure?> AttachAsync(TransferRow transfer, FileRow file)
    {
        if (!await store.AttachAsync(transfer.Id, file.Id, file.ExpiresAt, CancellationToken.None))
        {
            await end.HandleAsync(file.Id, file.IsReady ? FileStates.Removed : FileStates.Failed, CancellationToken.None);
            return new Failure(ErrorCodes.TransferEnded);
        }

        if (await store.FindAsync(transfer.Id, transfer.SenderId, CancellationToken.None) is { } stored)
            news.Tell(EventTypes.TransferStored, stored);
        return null;
    }

    private static InitUploadRequest UploadOf(TransferRow transfer, StoreTransferRequest? request) => new()
    {
        Filename = transfer.Filename,
        Size = transfer.Size,
        Mime = transfer.Mime,
        ChunkSize = transfer.ChunkSize,
        Sha256Root = request?.Sha256Root,
        Retention = request?.Retention ?? new Retention { Mode = RetentionModes.AfterDelivery },
        ClientId = $"transfer:{transfer.Id}",
    };
}
