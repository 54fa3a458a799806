using System.IO.Pipelines;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>
/// Takes the bytes of one request to the end of an upload. Every whole chunk counts as soon as it is durable, and when the
/// line breaks so does what came until then. With a checksum all of it counts at the end, or nothing.
/// </summary>
internal sealed class AppendBytes(ITusStore store, IBlobStore blobs, RoomForBytes room, HashChunks hash, DropAttempt drop, InitUpload init, UploadProgress progress, TimeProvider clock)
{
    /// <summary>The turn is the claim to the whole upload.</summary>
    /// <param name="stored">Read under that claim.</param>
    /// <param name="cancellation">The client is gone or too slow, or another request goes on with the upload.</param>
    public async Task<Result<FileRow>> HandleAsync(TusTurn turn, StoredTus stored, PipeReader body, TusChecksum? checksum, CancellationToken cancellation)
    {
        await using var inflow = new TusInflow(turn.Upload, turn.Lease, stored, store, blobs, room, hash, drop, progress, clock, init.Limits(), holdsBack: checksum is not null);
        if (await inflow.SettleAsync() is { } unsettled)
            return unsettled;
        using var sum = checksum?.Begin();

        // Not by the token of the read itself: what is in memory already would be lost, and the body could not be read to its end.
        using var _ = cancellation.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), body);
        while (true)
        {
            ReadResult read;
            try
            {
                read = await body.ReadAsync(CancellationToken.None);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                return await CutAsync(inflow, checksum);
            }

            Failure? refusal;
            try
            {
                sum?.Append(read.Buffer);
                refusal = await inflow.TakeAsync(read.Buffer);
            }
            finally
            {
                // Also when a write fails: what is left of the body is dropped by others, who could not read it otherwise.
                body.AdvanceTo(read.Buffer.End);
            }

            if (refusal is not null)
                return refusal;
            if (read.IsCanceled)
                return await CutAsync(inflow, checksum);
            if (read.IsCompleted)
                break;
        }

        if (sum is not null && !sum.Matches(checksum!))
            return new Failure(ErrorCodes.UploadChecksumMismatch);
        return await inflow.KeepAsync() is { } failure ? failure : inflow.File;
    }

    /// <summary>The line broke in the middle: without a checksum every byte that came is as good as any other.</summary>
    private static async Task<Failure> CutAsync(TusInflow inflow, TusChecksum? checksum) =>
        checksum is null && await inflow.KeepAsync() is { } notKept ? notKept : new Failure(ErrorCodes.RequestTimeout);
}
