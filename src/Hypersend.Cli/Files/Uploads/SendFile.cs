using Hypersend.Cli.Files.Progress;
using Hypersend.Cli.Profiles;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk;
using Hypersend.Sdk.Files;

namespace Hypersend.Cli.Files.Uploads;

/// <summary>
/// Sends one file. Before its first byte leaves, a note of it is on the disk; whatever ends the process, the same command finds
/// that and goes on with the same upload.
/// </summary>
internal sealed class SendFile(Workplace place, SignedInClient me, UploadWish wish, Notes<UploadNote> notes)
{
    private readonly string _account = me.Profile.UserId.ToString();

    /// <param name="file">What is sent.</param>
    /// <param name="line">Where it is shown.</param>
    /// <param name="arrived">Told when it is there, and before the note of it goes.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<CompletedUpload> RunAsync(LocalFile file, TransferLine line, Action<CompletedUpload>? arrived, CancellationToken cancellation)
    {
        var identity = FileIdentity.Find(file.FullPath) ?? throw new StopException(ExitCodes.NotThere, $"{file.FullPath} is not there any more.");
        var key = Notes<UploadNote>.KeyOf(me.Profile.Server, _account, wish.Chat, identity, file.Name, file.FolderPath);
        using var turn = notes.Turn(key) ?? throw new StopException(ExitCodes.Failed, $"{file.FullPath} is being sent by another hypersend at this moment.");
        await GiveUpEarlierAsync(file, identity, cancellation);
        var kept = notes.Find(key);
        try
        {
            return await CarryAsync(file, key, kept ?? Begin(file, identity), line, arrived, cancellation);
        }
        catch (HypersendException gone) when (kept?.UploadId is not null && IsGone(gone))
        {
            place.Screen.Complain($"The server has nothing of {file.Name} any more ({gone.Code}): it is sent from its beginning.");
            return await CarryAsync(file, key, Begin(file, identity), line, arrived, cancellation);
        }
    }

    private UploadNote Begin(LocalFile file, FileIdentity identity) => new()
    {
        Server = me.Profile.Server,
        Account = _account,
        Chat = wish.Chat,
        To = wish.To,
        Path = file.FullPath,
        Identity = identity,
        ClientId = Guid.CreateVersion7(place.Around.Clock.GetUtcNow()).ToString(),
        StartedAt = place.Around.Clock.GetUtcNow(),
    };

    private async Task<CompletedUpload> CarryAsync(LocalFile file, string key, UploadNote note, TransferLine line, Action<CompletedUpload>? arrived, CancellationToken cancellation)
    {
        notes.Write(key, note);
        var here = 0L;
        try
        {
            using var source = UploadSource.OfFile(file.FullPath);
            if (FileIdentity.Find(file.FullPath) != note.Identity)
                throw new SourceChangedException($"{file.FullPath} is being written.");
            var upload = me.Client.Files.Upload(source, wish.RequestFor(file.Name, file.FolderPath, note.ClientId), wish.Options);
            upload.Begun += begun => notes.Write(key, note = Begun(begun, file, note, line));
            upload.Waiting += line.Wait;
            upload.Progressed += progress =>
            {
                here = progress.Bytes;
                line.Show(progress);
            };
            var done = await upload.RunAsync(cancellation);
            arrived?.Invoke(done);
            notes.Forget(key);
            return done;
        }
        catch (HypersendException refused) when (note.UploadId is null && refused.Status is >= 400 and < 500 and not (401 or 408 or 429))
        {
            // Nothing was begun that could go on.
            notes.Forget(key);
            throw;
        }
        catch (HypersendException refused) when (refused.Code == ErrorCodes.ChecksumMismatch && note.UploadId is not null)
        {
            // Of bytes that are not those of the beginning no further try makes a file.
            await CancelAsync(note.UploadId, cancellation);
            notes.Forget(key);
            throw new StopException(ExitCodes.Failed, $"{file.FullPath} is not what it was when its upload was begun, though its size and time are. The upload was given up: the same command sends it from its beginning.");
        }
        catch (SourceChangedException)
        {
            await CancelAsync(note.UploadId, cancellation);
            notes.Forget(key);
            throw new StopException(ExitCodes.Failed, $"{file.FullPath} changed while it was sent. Nothing was published, and the upload was given up: run the command again when nobody writes into the file.");
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new StopException(ExitCodes.Interrupted, $"Stopped at {Screens.Shown.Size(here)} of {Screens.Shown.Size(note.Identity.Size)}. The same command goes on from there.");
        }
    }

    private static UploadNote Begun(Upload begun, LocalFile file, UploadNote note, TransferLine line)
    {
        line.Begin(new FileEvent
        {
            Event = "begun",
            Path = file.FullPath,
            FileId = begun.FileId.ToString(),
            Filename = file.Name,
            FolderPath = file.FolderPath,
            Size = note.Identity.Size,
            Bytes = begun.Received.Sum(range => Math.Min(note.Identity.Size, (range[1] + 1L) * begun.ChunkSize) - ((long)range[0] * begun.ChunkSize)),
        });
        return note with { UploadId = begun.UploadId };
    }

    /// <summary>The same path to the same chat, of a file that is not that one any more: what the server has of it is of no use.</summary>
    private async Task GiveUpEarlierAsync(LocalFile file, FileIdentity identity, CancellationToken cancellation)
    {
        foreach (var (key, earlier) in notes.List())
        {
            if (earlier.Path != file.FullPath || earlier.Identity == identity || earlier.Server != me.Profile.Server || earlier.Account != _account || earlier.Chat != wish.Chat)
                continue;
            using var turn = notes.Turn(key);
            if (turn is null)
                continue;
            place.Screen.Complain($"{file.FullPath} has changed since its upload was begun: it is sent from its beginning.");
            await CancelAsync(earlier.UploadId, cancellation);
            notes.Forget(key);
        }
    }

    private async Task CancelAsync(FileId? upload, CancellationToken cancellation)
    {
        if (upload is not { } id)
            return;
        try
        {
            // What has become a whole file meanwhile is not ours to take away.
            if ((await me.Client.Files.GetStatusAsync(id, null, cancellation)).State == FileStates.Uploading)
                await me.Client.Files.DeleteAsync(id, null, cancellation);
        }
        catch (HypersendException gone) when (IsGone(gone))
        {
            // That is what was wanted.
        }
    }

    private static bool IsGone(HypersendException refusal) =>
        refusal.Code is ErrorCodes.NotFound or ErrorCodes.UploadExpired or ErrorCodes.UploadClosed or ErrorCodes.FileGone or ErrorCodes.MessageDeleted;
}
