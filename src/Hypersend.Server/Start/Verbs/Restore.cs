using Hypersend.Server.Features.Backups;

namespace Hypersend.Server.Start.Verbs;

/// <summary>Restores a backup into an empty server, whichever engines it has.</summary>
internal sealed class Restore : IVerb
{
    private const string Replace = "--replace";
    private const string Yes = "--yes";
    private const string SignOut = "--sign-out-everybody";
    private const string Consent = "replace";

    public VerbForm Form { get; } = new("restore", "restores a backup from a folder, a file.tar or - (standard input) into an empty server")
    {
        Operands = ["FROM"],
        Switches = [Replace, Yes, SignOut],
        Values = new Dictionary<string, string> { [BackupWords.PassphraseFile] = "FILE" },
    };

    public Task<int> RunAsync(VerbCall call, CancellationToken cancellation) => BackupWords.TellAsync(call, async () =>
    {
        var from = call.Operands[0];
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var progress = BackupWords.Progress(call);
        var passphrase = await BackupWords.ReadPassphraseAsync(call, cancellation);
        var wishes = new RestoreWishes { Replace = call.Has(Replace), SignOutEverybody = call.Has(SignOut) };
        var restored = await BackupWords.ReadAsync(from, passphrase, async source =>
        {
            await using var app = VerbHost.Holding(call);
            var restore = app.Services.GetRequiredService<RestoreBackup>();
            var state = await restore.StateAsync(cancellation);
            if (state == RestoreState.Half)
                progress.Say("A restore was interrupted here. Beginning again.");
            if (state == RestoreState.Used && wishes.Replace)
            {
                if (!call.Has(Yes))
                    await AskAsync(call, from, cancellation);

                // Nothing goes before it is known that what takes its place is whole.
                if (from != BackupWords.Pipe)
                    await BackupWords.ReadAsync(from, passphrase, whole => new ReadBackup(whole).VerifyAsync(progress, cancellation));
            }

            return await restore.HandleAsync(source, wishes, progress, cancellation);
        });
        var manifest = restored.Manifest;
        progress.Say(
            $"Restored {manifest.Rows.GetValueOrDefault("messages"):#,0} messages and {manifest.Files:#,0} files of {BackupProgress.Size(manifest.FileBytes)} as they were at {manifest.Origin.MadeAt:u}, "
            + $"in {clock.GetElapsedTime(began).TotalSeconds:0.0} s. Start the server; what people's devices knew beyond that is forgotten.");
        foreach (var damaged in manifest.Damaged)
            progress.Say($"was damaged when the backup was made, and is not there: {damaged}");
        if (!manifest.Origin.HasKeys)
            progress.Say("The keys were not in this backup: put secret.key, pepper.key and vapid.key back, or set what they were.");
        foreach (var sentence in restored.Sentences)
            progress.Say(sentence);
        return ExitCodes.Done;
    });

    private static async Task AskAsync(VerbCall call, string from, CancellationToken cancellation)
    {
        if (from == BackupWords.Pipe)
            throw new BackupRefusedException("What is there can only be replaced from standard input with --yes: nobody can be asked.");
        await call.Error.WriteLineAsync("There are people in this database. All of it goes, and the backup takes its place. No server may run on it, on no node.");
        await call.Error.WriteAsync($"Type {Consent} to go on: ");
        await call.Error.FlushAsync(cancellation);
        if ((await call.In.ReadLineAsync(cancellation))?.Trim() != Consent)
            throw new BackupRefusedException("Nothing was changed.");
    }
}
