using System.CommandLine;
using Hypersend.Cli.Files.Progress;
using Hypersend.Cli.Files.Uploads;
using Hypersend.Cli.Start;

namespace Hypersend.Cli.Files.Watching;

/// <summary>Sends what comes into a folder.</summary>
internal sealed class WatchCommand : Verb
{
    private readonly Argument<string> _folder = new("FOLDER") { Description = "The folder; those below it too." };
    private readonly UploadOptions _options = new();
    private readonly Option<double> _settle = new("--settle") { Description = "For how many seconds nobody may have written into a file; 2 without it.", HelpName = "SECONDS", DefaultValueFactory = _ => 2 };
    private readonly Option<bool> _onlyNew = new("--only-new") { Description = "At the first start, leave what is there already." };

    public WatchCommand(Workplace place)
        : base(place, "watch", "Send every file that comes into a folder, once, as soon as nobody has written into it for a moment. Hidden and unfinished files (.name, name.part, name~) stay.")
    {
        Add(_folder);
        _options.AddTo(this);
        Add(_settle);
        Add(_onlyNew);
        _settle.Validators.Add(found =>
        {
            if (found.GetValueOrDefault<double>() is not (>= 0 and <= 86_400))
                found.AddError("--settle must be 0 to 86400 seconds.");
        });
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(line.GetRequiredValue(_folder)));
        if (!Directory.Exists(folder) || FileIdentity.Find(folder) is not { } identity)
            throw new StopException(ExitCodes.NotThere, $"There is no folder {folder}: check the name.");
        using var me = Place.SignIn(line);
        var wish = await _options.ReadAsync(line, Place, me, cancellation);

        // By its place on the disk: a folder that gets another name is the same one.
        var key = Notes<UploadNote>.KeyOf(me.Profile.Server, me.Profile.UserId, wish.Chat, identity.Device, identity.Inode);
        using var journal = SentJournal.Open(Path.Combine(Place.Profiles.Folder, "watched", key + ".jsonl"))
            ?? throw new StopException(ExitCodes.Failed, $"Another hypersend watches {folder} for that chat already.");
        using var eyes = FolderEyes.Open(folder, cancellation);
        Screen.Note($"Watching {folder}. Ctrl-C ends it; started again, it sends nothing twice.");
        var round = new WatchRound(Place, folder, journal, new SendFile(Place, me, wish, UploadNotes.Of(Place)), new TransferScreen(Place, WantsJson(line)), TimeSpan.FromSeconds(line.GetValue(_settle)));
        if (journal.IsNew && line.GetValue(_onlyNew))
            round.LeaveWhatIsThere(cancellation);
        await round.RunAsync(eyes?.Seen, cancellation);
    }
}
