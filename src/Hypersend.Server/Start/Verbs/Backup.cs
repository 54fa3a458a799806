using System.Globalization;
using Hypersend.Server.Features.Backups;
using Hypersend.Server.Platform.Files;

namespace Hypersend.Server.Start.Verbs;

/// <summary>Backs everything up, beside a server that runs; or looks through a backup that was made.</summary>
internal sealed class Backup : IVerb
{
    private const string Verify = "--verify";
    private const string NoFiles = "--no-files";
    private const string NoKeys = "--no-keys";
    private const string Keep = "--keep";
    private const int UsuallyKept = 7;

    public VerbForm Form { get; } = new("backup", "backs everything up into a folder, a file.tar or - (standard output), also while the server runs")
    {
        Operands = ["TO"],
        Switches = [Verify, NoFiles, NoKeys],
        Values = new Dictionary<string, string> { [BackupWords.PassphraseFile] = "FILE", [Keep] = "RUNS" },
    };

    public Task<int> RunAsync(VerbCall call, CancellationToken cancellation) => BackupWords.TellAsync(call, async () =>
    {
        var to = call.Operands[0];
        var passphrase = await BackupWords.ReadPassphraseAsync(call, cancellation);
        if (call.Has(Verify))
            return await VerifyAsync(call, to, passphrase, cancellation);
        var kept = call.Value(Keep) is not { } text ? UsuallyKept
            : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
            : throw new BackupRefusedException($"--keep={text}: it must be how many runs stay in the folder, at least 1.");
        return await MakeAsync(call, to, passphrase, kept, cancellation);
    });

    private static async Task<int> MakeAsync(VerbCall call, string to, string? passphrase, int kept, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var progress = BackupWords.Progress(call);
        await using var app = await VerbHost.BesideSomethingAsync(call);
        var make = app.Services.GetRequiredService<MakeBackup>();
        var wishes = new BackupWishes { Files = !call.Has(NoFiles), Keys = !call.Has(NoKeys) };
        var made = BackupWords.IsArchive(to)
            ? await MakeArchiveAsync(make, to, passphrase, wishes, progress, cancellation)
            : await make.HandleAsync(async token => await FolderTarget.OpenAsync(to, passphrase, PassphraseKey.UsualIterations, token), wishes, progress, cancellation);
        var gone = BackupWords.IsArchive(to) ? 0 : await KeepAsync(to, passphrase, kept, cancellation);
        progress.Say(
            $"Backed up {made.Rows.GetValueOrDefault("messages"):#,0} messages and {made.Files:#,0} files of {BackupProgress.Size(made.FileBytes)} "
            + $"in {clock.GetElapsedTime(began).TotalSeconds:0.0} s{(gone > 0 ? $"; {gone} older went" : "")}.");
        if (!wishes.Keys)
            progress.Say("The keys are not in it: without them nobody can sign in to what is restored.");
        if (made.Damaged.Count == 0)
            return ExitCodes.Done;
        progress.Say($"{made.Damaged.Count} files are damaged in the store and are not in the backup.");
        return ExitCodes.Failed;
    }

    private static async Task<BackupManifest> MakeArchiveAsync(
        MakeBackup make, string to, string? passphrase, BackupWishes wishes, BackupProgress progress, CancellationToken cancellation)
    {
        if (to == BackupWords.Pipe)
        {
            await using var output = Console.OpenStandardOutput();
            return await make.HandleAsync(async token => await TarTarget.BeginAsync(output, "The standard output", passphrase, PassphraseKey.UsualIterations, token), wishes, progress, cancellation);
        }

        // Under another name until it is whole: a file of this name is a backup.
        var (path, aside) = (Path.GetFullPath(to), Path.GetFullPath(to) + ".part");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        BackupManifest made;
        await using (var file = new FileStream(aside, options))
            made = await make.HandleAsync(async token => await TarTarget.BeginAsync(file, path, passphrase, PassphraseKey.UsualIterations, token), wishes, progress, cancellation);
        File.Move(aside, path, overwrite: true);
        using var folder = new FolderHandle(Path.GetDirectoryName(path)!);
        folder.Flush();
        return made;
    }

    private static async Task<int> KeepAsync(string to, string? passphrase, int kept, CancellationToken cancellation)
    {
        await using var folder = await FolderTarget.OpenAsync(to, passphrase, PassphraseKey.UsualIterations, cancellation);
        return await folder.KeepAsync(kept, cancellation);
    }

    private static async Task<int> VerifyAsync(VerbCall call, string from, string? passphrase, CancellationToken cancellation)
    {
        var progress = BackupWords.Progress(call);
        var manifest = await BackupWords.ReadAsync(from, passphrase, source => new ReadBackup(source).VerifyAsync(progress, cancellation));
        progress.Say(
            $"The backup of {manifest.Origin.MadeAt:u} is whole: {manifest.Rows.GetValueOrDefault("messages"):#,0} messages, {manifest.Files:#,0} files of {BackupProgress.Size(manifest.FileBytes)}, "
            + $"made by {manifest.Origin.MadeBy} from {manifest.Origin.Engine} (schema {manifest.Origin.Schema}){(manifest.Origin.HasKeys ? "" : ", without keys")}.");
        foreach (var damaged in manifest.Damaged)
            progress.Say($"damaged or missing when it was made, and not in it: {damaged}");
        return ExitCodes.Done;
    }
}
