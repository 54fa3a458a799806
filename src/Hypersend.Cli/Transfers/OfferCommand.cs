using System.CommandLine;
using Hypersend.Cli.Chats;
using Hypersend.Cli.Files;
using Hypersend.Cli.Files.Progress;
using Hypersend.Cli.Profiles;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Transfers;
using Hypersend.Contracts.Users;
using Hypersend.Sdk.Transfers;

namespace Hypersend.Cli.Transfers;

/// <summary>Gives a file straight to somebody: it goes through the server and stays nowhere on it.</summary>
internal sealed class OfferCommand : Verb
{
    private readonly Argument<string> _file = new("FILE") { Description = "The file." };
    private readonly Option<string> _to = new("--to") { Description = "Who is to get it: their user name.", HelpName = "USER", Required = true };

    public OfferCommand(Workplace place)
        : base(place, "offer", "Give a file straight to somebody, who takes it with \"hypersend receive\" or in the app. The same command goes on.")
    {
        Add(_file);
        Add(_to);
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(line.GetRequiredValue(_file));
        var identity = FileIdentity.Find(path) ?? throw new StopException(ExitCodes.NotThere, $"There is no file {path}: check the name.");
        if (!identity.IsRegular)
            throw new StopException(ExitCodes.Failed, $"{path} is no file: a folder goes as \"tar c {Path.GetFileName(path)} > x.tar\" first.");
        using var me = Place.SignIn(line);
        var person = await ChatFinder.PersonAsync(me.Client, line.GetRequiredValue(_to).TrimStart('@'), cancellation);
        var notes = OfferNote.Of(Place);
        var key = Notes<OfferNote>.KeyOf(me.Profile.Server, me.Profile.UserId, person.Id, identity, path);
        using var turn = notes.Turn(key) ?? throw new StopException(ExitCodes.Failed, $"{path} is being offered to @{person.Username} by another hypersend at this moment.");
        var transfer = await BeginAsync(me, person, path, identity, notes, key, cancellation);
        var screen = new TransferScreen(Place, WantsJson(line));
        var about = new FileEvent { Event = "begun", TransferId = transfer.Id.ToString(), Path = path, Filename = transfer.Filename, Size = transfer.Size };
        Screen.Note($"Offered to @{person.Username}; it goes as soon as they take it.");
        var fingerprint = await SendAsync(me, transfer, path, identity, screen, about, cancellation);
        notes.Forget(key);
        Offers.Compare(Screen, fingerprint, transfer.Receiver);
        screen.End(about with { Event = "done", Bytes = transfer.Size, Fingerprint = fingerprint }, transfer.Id.ToString(), Shown.Size(transfer.Size), transfer.Filename);
    }

    private async Task<Transfer> BeginAsync(SignedInClient me, User person, string path, FileIdentity identity, Notes<OfferNote> notes, string key, CancellationToken cancellation)
    {
        if (notes.Find(key) is { } kept && await Offers.FindAsync(me.Client, kept.Transfer, cancellation) is { State: TransferStates.Offered or TransferStates.Accepted } earlier)
            return earlier;
        var request = new OfferTransferRequest { ReceiverId = person.Id, Filename = Path.GetFileName(path), Size = identity.Size };
        var offered = (await me.Client.Transfers.OfferAsync(request, cancellation)).Transfer;
        notes.Write(key, new OfferNote
        {
            Server = me.Profile.Server,
            Transfer = offered.Id,
            To = "@" + person.Username,
            Path = path,
            Identity = identity,
            StartedAt = Place.Around.Clock.GetUtcNow(),
        });
        return offered;
    }

    private async Task<string?> SendAsync(SignedInClient me, Transfer transfer, string path, FileIdentity identity, TransferScreen screen, FileEvent about, CancellationToken cancellation)
    {
        string? fingerprint = null;
        await using var live = Offers.Live(me.Client);
        await using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        try
        {
            await screen.RunAsync(about, transfer.Filename, async shown =>
            {
                shown.Begin(about);
                using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                var progress = Offers.WatchAsync(live, transfer, shown, Place.Around.Clock, watching.Token);
                try
                {
                    var options = new RelayOptions { Live = live, Fingerprint = new Told<string>(seen => fingerprint = seen) };
                    await me.Client.Transfers.SendAsync(transfer.Id, source, options, cancellation);
                }
                finally
                {
                    await watching.CancelAsync();
                    await progress.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                return true;
            });
        }
        catch (TransferEndedException ended)
        {
            throw await Offers.EndOfAsync(me.Client, transfer, ended, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new StopException(ExitCodes.Interrupted, "Stopped. The offer stands; the same command goes on with it.");
        }

        if (FileIdentity.Find(path) is { } now && now != identity)
            throw new StopException(ExitCodes.Failed, $"{path} changed while it was sent: what arrived may be partly new and partly old. Offer it again.");
        return fingerprint;
    }
}
