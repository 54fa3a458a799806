using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Transfers;

/// <summary>Accepts, rejects, cancels, finishes. To accept twice is to accept; what is over stays over.</summary>
internal sealed class AnswerTransfer(ITransferStore store, IFileStore files, TransferNews news, Relays relays, StoredCopy copy, TimeProvider clock)
{
    public Task<Result<TransferRow>> AcceptAsync(UserId user, TransferId id, CancellationToken cancellation) =>
        MoveAsync(user, id, TransferStates.Accepted, EventTypes.TransferAccepted, cancellation);

    public Task<Result<TransferRow>> RejectAsync(UserId user, TransferId id, CancellationToken cancellation) =>
        MoveAsync(user, id, TransferStates.Rejected, EventTypes.TransferRejected, cancellation);

    public Task<Result<TransferRow>> CancelAsync(UserId user, TransferId id, CancellationToken cancellation) =>
        MoveAsync(user, id, TransferStates.Cancelled, EventTypes.TransferFailed, cancellation);

    /// <summary>The receiver has it all and has checked it, on whichever way it came.</summary>
    public async Task<Result<TransferRow>> FinishAsync(UserId user, TransferId id, string? root, CancellationToken cancellation)
    {
        // The stored file is looked at only where there is one; on the other ways the server has seen no root.
        if (RootHash.TryRead(root, out var said)
            && await store.FindAsync(id, user, cancellation) is { FileId: { } stored, IsOpen: true }
            && await files.FindAsync(user, stored, cancellation) is { IsReady: true, Sha256Root: { } kept }
            && !said.AsSpan().SequenceEqual(kept))
        {
            return new Failure(ErrorCodes.ChecksumMismatch);
        }

        return await MoveAsync(user, id, TransferStates.Done, EventTypes.TransferDone, cancellation);
    }

    private async Task<Result<TransferRow>> MoveAsync(UserId user, TransferId id, string to, string told, CancellationToken cancellation)
    {
        // Twice, for the other party may have moved it in between.
        for (var tries = 0; tries < 3; tries++)
        {
            if (await store.FindAsync(id, user, cancellation) is not { } row)
                return new Failure(ErrorCodes.NotFound);
            if (to != TransferStates.Cancelled && user != row.ReceiverId)
                return new Failure(ErrorCodes.Forbidden, "It is the receiver's to say.");
            if (row.State == to)
                return row;
            if (!row.IsOpen)
                return new Failure(ErrorCodes.TransferEnded);
            DateTimeOffset? ended = to == TransferStates.Accepted ? null : clock.GetUtcNow();
            if (!await store.MoveAsync(id, row.State, to, ended, cancellation))
                continue;
            row = row with { State = to, EndedAt = ended };
            news.Tell(told, row);
            if (ended is null)
                return row;
            relays.End(id, to == TransferStates.Done ? RelayWords.Done : RelayWords.Cancel);
            await copy.AfterAsync(row);
            return row;
        }

        return new Failure(ErrorCodes.Conflict);
    }
}
