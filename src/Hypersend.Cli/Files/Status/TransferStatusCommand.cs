using System.CommandLine;
using Hypersend.Cli.Files.Downloads;
using Hypersend.Cli.Files.Uploads;
using Hypersend.Cli.Profiles;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Cli.Transfers;
using Hypersend.Contracts;
using Hypersend.Contracts.Files;
using Hypersend.Sdk;
using Hypersend.Sdk.Files;

namespace Hypersend.Cli.Files.Status;

/// <summary>What this machine has begun to send and to fetch, and how much of it is there.</summary>
internal sealed class TransferStatusCommand : Verb
{
    private const string All = "all";
    private const int ShortId = 8;

    private readonly Option<string?> _forget = new("--forget") { Description = "Give one up, or all: its part on the server, or here, is deleted.", HelpName = "ID" };

    public TransferStatusCommand(Workplace place)
        : base(place, "status", "List what was begun on this machine and is not ended: uploads, downloads, offers.") => Add(_forget);

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        var begun = List();
        using var me = begun.Any(one => one.Server is not null) ? Place.SignIn(line) : null;
        if (line.GetValue(_forget) is { } named)
        {
            await ForgetAsync([.. begun.Where(one => named == All || one.State.Id.StartsWith(named, StringComparison.Ordinal))], named, me, cancellation);
            return;
        }

        var states = new List<TransferState>();
        foreach (var one in begun)
            states.Add(await AskAsync(one, me, cancellation));
        if (WantsJson(line))
            Screen.Json(new Page<TransferState> { Items = states }, FileNotesJson.Default.TransferStates);
        else
            Screen.Table(["ID", "WHAT", "STATE", "THERE", "OF", "CHAT", "FILE"], states.Select(one =>
                (string[])[one.Id, one.Kind, one.State, one.Bytes is null ? "" : Shown.Size(one.Bytes), Shown.Size(one.Size), one.To ?? "", one.Path]));
        if (states.Count == 0)
            Screen.Note("Nothing is on its way.");
    }

    private List<Begun> List()
    {
        var (uploads, downloads, offers) = (UploadNotes.Of(Place), DownloadNote.Of(Place), OfferNote.Of(Place));
        return
        [
            .. uploads.List().Select(one => new Begun(OfUpload(one.Note, Named(one.Key), uploads.IsTaken(one.Key)), one.Note.Server, () => uploads.Forget(one.Key))),
            .. downloads.List().Select(one => new Begun(OfDownload(one.Note, Named(one.Key), downloads.IsTaken(one.Key)), null, () => Delete(downloads, one.Key, one.Note))),
            .. offers.List().Select(one => new Begun(OfOffer(one.Note, Named(one.Key), offers.IsTaken(one.Key)), one.Note.Server, () => offers.Forget(one.Key))),
        ];
    }

    private static string Named(string key) => key[..ShortId];

    private static TransferState OfUpload(UploadNote note, string id, bool isRunning) => new()
    {
        Id = id,
        Kind = "upload",
        State = isRunning ? "running" : FileIdentity.Find(note.Path) == note.Identity ? "paused" : "changed",
        Path = note.Path,
        To = note.To,
        Size = note.Identity.Size,
        StartedAt = note.StartedAt,
        FileId = note.UploadId?.ToString(),
    };

    private static TransferState OfDownload(DownloadNote note, string id, bool isRunning)
    {
        var part = PartialDownload.Find(note.Path);
        return new TransferState
        {
            Id = id,
            Kind = "download",
            State = isRunning ? "running" : PartialDownload.IsThere(note.Path) ? "paused" : "gone",
            Path = note.Path,
            Bytes = part?.Bytes,
            Size = part?.Size,
            StartedAt = note.StartedAt,
        };
    }

    private static TransferState OfOffer(OfferNote note, string id, bool isRunning) => new()
    {
        Id = id,
        Kind = "offer",
        State = isRunning ? "running" : FileIdentity.Find(note.Path) == note.Identity ? "paused" : "changed",
        Path = note.Path,
        To = note.To,
        Size = note.Identity.Size,
        StartedAt = note.StartedAt,
    };

    private static void Delete(Notes<DownloadNote> notes, string key, DownloadNote note)
    {
        PartialDownload.Find(note.Path)?.Delete();
        notes.Forget(key);
    }

    /// <summary>What the server has of it. Others than the one that is asked are only listed.</summary>
    private static async Task<TransferState> AskAsync(Begun one, SignedInClient? me, CancellationToken cancellation)
    {
        if (one.State is not { Kind: "upload", FileId: { } id } || one.Server != me?.Profile.Server)
            return one.State;
        try
        {
            var status = await me!.Client.Files.GetStatusAsync(new(Guid.Parse(id)), null, cancellation);
            return one.State with { Bytes = status.ReceivedBytes, State = status.State == FileStates.Ready ? "done" : one.State.State };
        }
        catch (HypersendException refusal) when (refusal.Status is 404 or 409 or 410)
        {
            return one.State with { State = "gone" };
        }
    }

    private async Task ForgetAsync(IReadOnlyList<Begun> chosen, string named, SignedInClient? me, CancellationToken cancellation)
    {
        if (chosen.Count == 0 && named != All)
            throw new StopException(ExitCodes.NotThere, $"There is no {named}: \"hypersend status\" lists what there is.");
        if (chosen.Count > 1 && named != All)
            throw new StopException(ExitCodes.WrongUsage, $"{named} may be {string.Join(" or ", chosen.Select(one => one.State.Id))}: say more of it.");
        foreach (var one in chosen)
        {
            if (one.State.State == "running")
            {
                Screen.Complain($"{one.State.Path} is on its way in another hypersend: stop that first.");
                continue;
            }

            if (one.State is { Kind: "upload", FileId: { } id } && one.Server == me?.Profile.Server)
                await CancelAsync(me!, id, cancellation);
            one.Forget();
            Screen.Note($"Gave up {one.State.Path}.");
        }
    }

    private static async Task CancelAsync(SignedInClient me, string id, CancellationToken cancellation)
    {
        try
        {
            // What has become a whole file meanwhile stays.
            if ((await me.Client.Files.GetStatusAsync(new(Guid.Parse(id)), null, cancellation)).State == FileStates.Uploading)
                await me.Client.Files.DeleteAsync(new(Guid.Parse(id)), null, cancellation);
        }
        catch (HypersendException refusal) when (refusal.Status is 404 or 409 or 410)
        {
            // It is gone already.
        }
    }

    private sealed record Begun(TransferState State, Uri? Server, Action Forget);
}
