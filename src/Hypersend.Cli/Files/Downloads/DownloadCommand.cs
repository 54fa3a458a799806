using System.CommandLine;
using Hypersend.Cli.Files.Progress;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Errors;
using Hypersend.Sdk;
using Hypersend.Sdk.Files;

namespace Hypersend.Cli.Files.Downloads;

/// <summary>Fetches a file, by its id or by an address that opens it.</summary>
internal sealed class DownloadCommand : Verb
{
    private const string Pipe = "-";
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(15);

    private readonly Argument<string> _what = new("FILE") { Description = "The id of a file, the address of a share link, or a signed address." };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The folder or the file to put it in; - writes it to the standard output.", HelpName = "PLACE" };
    private readonly Option<string?> _password = new("--password") { Description = "The password of a share link (HYPERSEND_LINK_PASSWORD keeps it out of sight).", HelpName = "TEXT" };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "Replace a file that is there already." };
    private readonly Option<int?> _lanes = new("--lanes") { Description = "How many pieces come at once, 1 to 32. Without it, four at first, more while that pays, fewer after failures.", HelpName = "N" };

    public DownloadCommand(Workplace place)
        : base(place, "download", "Fetch a file. After Ctrl-C, a crash or a lost network the same command goes on.")
    {
        Add(_what);
        foreach (var option in (Option[])[_output, _password, _force, _lanes])
            Add(option);
        _lanes.Validators.Add(found =>
        {
            if (found.GetValueOrDefault<int?>() is < 1 or > 32)
                found.AddError("--lanes must be 1 to 32.");
        });
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        var (word, output) = (line.GetRequiredValue(_what), line.GetValue(_output));
        var (wanted, options) = (Wanted.Read(word), new TransferOptions { Lanes = line.GetValue(_lanes) });
        using var me = wanted.Id is null ? null : Place.SignIn(line);
        if (wanted is { Id: not null, Address: { } server } && server != new Uri(me!.Profile.Server.GetLeftPart(UriPartial.Authority)))
            throw new StopException(ExitCodes.NotSignedIn, $"That file is at {server}: say --server {server}, or sign in there.");
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = ConnectPatience }) { Timeout = Timeout.InfiniteTimeSpan };
        Place.Server ??= wanted.Address;

        FileDownload Begin(string? password) => wanted.Id is { } id ? me!.Client.Files.Download(id, options) : FilesClient.DownloadFrom(http, wanted.Address!, password, options);
        var (download, file) = await OpenAsync(Begin, line.GetValue(_password) ?? Place.Around.Variable("HYPERSEND_LINK_PASSWORD"), cancellation);
        var screen = new TransferScreen(Place, WantsJson(line));
        var what = wanted.Id is { } named ? $"{me!.Profile.Server} {named}" : wanted.Address!.GetLeftPart(UriPartial.Path);
        if (output == Pipe)
            await PourAsync(download, file, options, cancellation);
        else
            await FetchAsync(download, file, what, output, line.GetValue(_force), screen, options, cancellation);
    }

    private async Task<(FileDownload Download, FetchedFile File)> OpenAsync(Func<string?, FileDownload> begin, string? password, CancellationToken cancellation)
    {
        var download = begin(password);
        try
        {
            return (download, await download.LookAsync(cancellation));
        }
        catch (HypersendException refusal) when (IsAskedForPassword(refusal))
        {
            var typed = password is null && Place.Around is { InputIsTerminal: true, ErrorIsTerminal: true } ? Place.Around.AskSecretly("Password of the link: ") : null;
            if (typed is null)
                throw new StopException(ExitCodes.NotSignedIn, password is null ? "The link has a password: say it with --password." : "That is not the password of the link.");
            download = begin(typed);
            return (download, await download.LookAsync(cancellation));
        }
    }

    // Without a body, HEAD says no more than the status.
    private static bool IsAskedForPassword(HypersendException refusal) =>
        refusal.Code == ErrorCodes.LinkPassword || (refusal.Status == 401 && refusal.Code == HypersendException.ForeignAnswer);

    private async Task PourAsync(FileDownload download, FetchedFile file, TransferOptions options, CancellationToken cancellation)
    {
        // The bytes are the answer: nothing else is written beside them.
        var quiet = new TransferScreen(Place, asJson: false);
        await quiet.RunAsync(new FileEvent { Event = "begun" }, SafeNames.Of(file.Filename), shown =>
        {
            Watch(download, shown);
            return download.RunAsync(Place.Around.Output, cancellation);
        });
    }

    private async Task FetchAsync(FileDownload download, FetchedFile file, string what, string? output, bool force, TransferScreen screen, TransferOptions options, CancellationToken cancellation)
    {
        var notes = DownloadNote.Of(Place);
        var landing = Landing.Choose(Place, output, file.Filename, force, DownloadNote.Begun(notes), what);
        var key = Notes<DownloadNote>.KeyOf(what, landing.Target);
        using var turn = DownloadNote.Take(notes, key, landing.Target);
        var here = 0L;
        download.Progressed += progress => here = progress.Bytes;
        notes.Write(key, new DownloadNote { What = what, Path = landing.Target, Filename = file.Filename, StartedAt = Place.Around.Clock.GetUtcNow() });
        try
        {
            var about = new FileEvent { Event = "begun", Path = landing.Target, Filename = file.Filename, Size = file.Size };
            var done = await screen.RunAsync(about, Path.GetFileName(landing.Target), shown =>
            {
                Watch(download, shown);
                shown.Begin(about);
                return download.RunAsync(landing.Target, landing.Replaces, cancellation);
            });
            notes.Forget(key);
            screen.End(about with { Event = "done", Size = done.Size, Bytes = done.Size, Sha256Root = done.Sha256Root, Verified = done.IsVerified }, landing.Target, Shown.Size(done.Size), done.IsVerified ? "verified" : "not verified");
        }
        catch (Exception failure)
        {
            if (PartialDownload.Find(landing.Target) is null)
                notes.Forget(key);
            if (cancellation.IsCancellationRequested)
                throw new StopException(ExitCodes.Interrupted, $"Stopped at {Shown.Size(here)} of {Shown.Size(file.Size)}. The same command goes on from there.");
            if (failure is DiskException { IsFull: true })
                throw new StopException(ExitCodes.NoRoom, $"There is no room for {Shown.Size(file.Size)} where {landing.Target} is to be. Make room, and the same command goes on from what is there.");
            throw;
        }
    }

    private static void Watch(FileDownload download, TransferLine shown)
    {
        download.Waiting += shown.Wait;
        download.Progressed += shown.Show;
    }
}
