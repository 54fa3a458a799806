using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Transfers;

/// <summary>Offers somebody a file that goes to them directly.</summary>
internal sealed class OfferTransfer(ITransferStore store, TransferNews news, TimeProvider clock)
{
    private const string UnknownType = "application/octet-stream";

    private static readonly TimeSpan OpenFor = TimeSpan.FromHours(24);

    public async Task<Result<TransferRow>> HandleAsync(UserId sender, OfferTransferRequest request, CancellationToken cancellation)
    {
        if (request.ReceiverId == sender)
            return new Failure(ErrorCodes.CannotTargetSelf);
        if (FileNames.Clean(request.Filename!) is not { } name)
            return new Failure(ErrorCodes.InvalidFilename);
        if (ChunkGrid.Plan(request.Size, request.ChunkSize) is not { } grid)
            return Failure.OfField(ErrorCodes.ValidationFailed, "chunk_size", "must be a power of two of 1 to 64 MiB that makes at most 9,000 chunks");
        var now = clock.GetUtcNow();
        var transfer = new NewTransfer
        {
            Id = new TransferId(Guid.CreateVersion7(now)),
            SenderId = sender,
            ReceiverId = request.ReceiverId!.Value,
            Filename = name,
            Size = request.Size!.Value,
            Mime = request.Mime ?? UnknownType,
            ChunkSize = grid.ChunkSize,
            CreatedAt = now,
            ExpiresAt = now + OpenFor,
        };
        if (await store.AddAsync(transfer, cancellation) is { } code)
            return new Failure(code);
        if (await store.FindAsync(transfer.Id, sender, cancellation) is not { } row)
            return new Failure(ErrorCodes.NotFound);
        news.Tell(EventTypes.TransferOffer, row);
        return row;
    }
}
