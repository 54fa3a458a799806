using System.CommandLine;
using Hypersend.Cli.Files;
using Hypersend.Cli.Files.Downloads;
using Hypersend.Cli.Files.Progress;
using Hypersend.Cli.Profiles;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.Sdk;
using Hypersend.Sdk.Files;
using Hypersend.Sdk.Transfers;

namespace Hypersend.Cli.Transfers;

/// <summary>Takes a file that somebody offers.</summary>
internal sealed class ReceiveCommand : Verb
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly Argument<string?> _id = new("ID") { Description = "Which offer; without it the one that there is, or the next that comes.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The folder or the file to put it in.", HelpName = "PLACE" };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "Replace a file that is there already." };

    public ReceiveCommand(Workplace place)
        : base(place, "receive", "Take a file that somebody offers straight to you. The same command goes on.")
    {
        Add(_id);
        Add(_output);
        Add(_force);
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var me = Place.SignIn(line);
        var myself = (await me.Client.Users.GetMeAsync(cancellation)).Id;
        var transfer = await ChooseAsync(me.Client, myself, line.GetValue(_id), cancellation);
        var what = $"{me.Profile.Server} transfer {transfer.Id}";
        var notes = DownloadNote.Of(Place);
        var landing = Landing.Choose(Place, line.GetValue(_output), transfer.Filename, line.GetValue(_force), DownloadNote.Begun(notes), what);
        var key = Notes<DownloadNote>.KeyOf(what, landing.Target);
        using var turn = DownloadNote.Take(notes, key, landing.Target);
        notes.Write(key, new DownloadNote { What = what, Path = landing.Target, Filename = transfer.Filename, StartedAt = Place.Around.Clock.GetUtcNow() });
        var screen = new TransferScreen(Place, WantsJson(line));
        var about = new FileEvent { Event = "begun", TransferId = transfer.Id.ToString(), Path = landing.Target, Filename = transfer.Filename, Size = transfer.Size };
        Screen.Note($"Taking {PlainText.OneLine(transfer.Filename)} ({Shown.Size(transfer.Size)}) from @{transfer.Sender.Username}.");
        var fingerprint = await TakeAsync(me, transfer, landing, screen, about, () => notes.Forget(key), cancellation);
        notes.Forget(key);
        Offers.Compare(Screen, fingerprint, transfer.Sender);
        screen.End(about with { Event = "done", Bytes = transfer.Size, Verified = true, Fingerprint = fingerprint }, landing.Target, Shown.Size(transfer.Size), "verified");
    }

    private async Task<string?> TakeAsync(SignedInClient me, Transfer transfer, Landing landing, TransferScreen screen, FileEvent about, Action forget, CancellationToken cancellation)
    {
        string? fingerprint = null;
        try
        {
            await screen.RunAsync(about, Path.GetFileName(landing.Target), async shown =>
            {
                shown.Begin(about);
                var meter = new Speedometer(Place.Around.Clock, transfer.Size);
                await using var live = Offers.Live(me.Client);
                var options = new RelayOptions
                {
                    Live = live,
                    Fingerprint = new Told<string>(seen => fingerprint = seen),
                    Progress = new Told<long>(bytes => shown.Show(meter.At(bytes))),
                };
                await me.Client.Transfers.ReceiveAsync(transfer, landing.Target, landing.Replaces, options, cancellation);
                return true;
            });
            return fingerprint;
        }
        catch (TransferEndedException ended)
        {
            var now = await Offers.FindAsync(me.Client, transfer.Id, cancellation);
            if (ended.Reason == TransferEndedException.FileChanged || now?.State is not (TransferStates.Offered or TransferStates.Accepted))
            {
                // Nobody will ever send the rest of it.
                PartialDownload.Find(landing.Target)?.Delete();
                forget();
            }

            throw Offers.EndOf(now, transfer, ended);
        }
        catch (DiskException full) when (full.IsFull)
        {
            throw new StopException(ExitCodes.NoRoom, $"There is no room for {Shown.Size(transfer.Size)} where {landing.Target} is to be. Make room, and the same command goes on from what is there.");
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new StopException(ExitCodes.Interrupted, "Stopped. The same command goes on from what is there, as long as the offer stands.");
        }
    }

    private async Task<Transfer> ChooseAsync(HypersendClient client, UserId myself, string? named, CancellationToken cancellation)
    {
        if (named is not null)
        {
            if (!Guid.TryParse(named, out var id))
                throw new StopException(ExitCodes.WrongUsage, $"\"{named}\" is no id of an offer: \"hypersend receive\" without one takes the offer that there is.");
            var found = await Offers.FindAsync(client, new TransferId(id), cancellation);
            return found is not null && found.Receiver.Id == myself ? found : throw new StopException(ExitCodes.NotThere, $"There is no offer {named} to you.");
        }

        for (var isFirst = true; ; isFirst = false)
        {
            var page = await client.Transfers.ListAsync(limit: 200, cancellation: cancellation);
            List<Transfer> offered = [.. page.Items.Where(one => one.Receiver.Id == myself && one.State is TransferStates.Offered or TransferStates.Accepted)];
            if (offered.Count == 1)
                return offered[0];
            if (offered.Count > 1)
            {
                var lines = offered.Select(one => $"  {one.Id}  @{one.Sender.Username}  {Shown.Size(one.Size)}  {PlainText.OneLine(one.Filename)}");
                throw new StopException(ExitCodes.WrongUsage, $"Several files are offered to you; name one:\n{string.Join('\n', lines)}");
            }

            if (isFirst)
                Screen.Note("Waiting for an offer. Ctrl-C ends it.");
            await Task.Delay(LookEvery, Place.Around.Clock, cancellation);
        }
    }
}
