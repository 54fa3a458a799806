using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Http;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files.Tus;

/// <summary>One request with bytes: its turn, its preconditions, its bytes, and the file if they were the last.</summary>
internal sealed class TusTransfer(TusAccess access, ITusStore store, AppendBytes append, FinishStream finish, InitUpload init, TimeProvider clock)
{
    public async Task<Result<FileRow>> HandleAsync(Caller caller, FileId id, TusCall call, HttpContext context)
    {
        if ((await access.FindAsync(caller, id, context.RequestAborted)).Failure is { } unknown)
            return unknown;
        await using var turn = await access.TakeTurnAsync(id, context.RequestAborted);

        // Read again: whoever had the turn before may have come further.
        if (!(await access.FindAsync(caller, id, context.RequestAborted)).Succeeded(out var stored, out var failure))
            return failure;
        call.Upload = stored;
        if (TusRequirements.OfUpload.Refuse(call) is { } refusal)
            return refusal;
        if (turn is null || !stored.File.IsUploading)
            return stored.File;
        if (!(await SizeAsync(turn.Upload, stored, call)).Succeeded(out var sized, out var wrongSize))
            return wrongSize;
        if (!(await ReceiveAsync(caller, turn, sized, call, context)).Succeeded(out var file, out var broken))
            return broken;
        return (await finish.HandleAsync(file, CancellationToken.None)).Succeeded(out var isReady, out var unfinished)
            ? isReady ? file with { State = FileStates.Ready } : file
            : unfinished;
    }

    private async Task<Result<StoredTus>> SizeAsync(OpenUpload upload, StoredTus stored, TusCall call)
    {
        if (call.Length is not { } size || stored.File.Size == size)
            return stored;
        if (size > init.MaxFileSize)
            return UploadRules.TooLarge(init.MaxFileSize);
        if (!(await store.SetSizeAsync(stored.File.Id, size, init.Limits(), clock.GetUtcNow(), CancellationToken.None)).Succeeded(out var file, out var failure))
            return failure;
        upload.Grew(file);
        return stored with { File = file };
    }

    private async Task<Result<FileRow>> ReceiveAsync(Caller caller, TusTurn turn, StoredTus stored, TusCall call, HttpContext context)
    {
        using var pace = BodyPace.Watch(context, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pace.Token, turn.Claim.Superseded);
        Result<FileRow> answer;
        try
        {
            answer = await append.HandleAsync(turn, stored, pace.Body, call.Checksum, either.Token);
        }
        catch (Exception exception) when (exception is FileNotFoundException or EngineUnavailableException)
        {
            // The upload may have ended between the look at its row and its bytes. Then there is no place for more of them, and that
            // is no fault of the storage.
            if ((await access.FindAsync(caller, stored.File.Id, CancellationToken.None)).Failure is not { } gone)
                throw;
            return gone;
        }

        // The line broke, its bytes came too slowly, or another request goes on with the upload. Whoever still listens gets an answer: a
        // line that is cut instead looks to a proxy like a node that fails, and after a few of them it asks that node nothing any more.
        if (answer.Failure is not { Code: ErrorCodes.RequestTimeout } || context.RequestAborted.IsCancellationRequested)
            return answer;
        return (await access.FindAsync(caller, stored.File.Id, CancellationToken.None)).Succeeded(out var kept, out var lost)
            ? TusRequirements.EndsAt(kept.Offset)
            : lost;
    }
}
