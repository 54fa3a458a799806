using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Transfers;

/// <summary>Tells both how far the receiver is, on a way that the server does not see. Nothing of it is kept.</summary>
internal sealed class ReportTransfer(ITransferStore store, TransferNews news)
{
    public async Task<Result<Done>> HandleAsync(UserId user, TransferId id, ReportTransferRequest request, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, user, cancellation) is not { } transfer)
            return new Failure(ErrorCodes.NotFound);
        if (user != transfer.ReceiverId)
            return new Failure(ErrorCodes.Forbidden, "It is the receiver's to say.");
        if (!transfer.IsOpen)
            return new Failure(ErrorCodes.TransferEnded);
        if (request.Received > transfer.Size)
            return Failure.OfField(ErrorCodes.ValidationFailed, "received", "must not be more than the size");
        news.TellProgress(transfer, request.Received!.Value, request.Route);
        return default(Done);
    }
}
