using System.Data.Common;
using Hypersend.Server.Features.Backups;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Start.Verbs;

/// <summary>What the verbs of backups have in common: the passphrase, the places, and trouble in words.</summary>
internal static class BackupWords
{
    public const string PassphraseFile = "--passphrase-file";

    /// <summary>Standard input or output.</summary>
    public const string Pipe = "-";

    private const string ArchiveEnding = ".tar";

    /// <summary>An archive is named as one; anything else is a folder.</summary>
    public static bool IsArchive(string place) => place == Pipe || File.Exists(place) || (place.EndsWith(ArchiveEnding, StringComparison.OrdinalIgnoreCase) && !Directory.Exists(place));

    public static async Task<string?> ReadPassphraseAsync(VerbCall call, CancellationToken cancellation)
    {
        if (call.Value(PassphraseFile) is not { } path)
            return null;
        try
        {
            using var file = File.OpenText(path);
            return await file.ReadLineAsync(cancellation) is { Length: > 0 } line ? line : throw new BackupRefusedException($"{path} is empty: the passphrase is its first line.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BackupRefusedException($"The passphrase cannot be read from {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Opens a backup for the length of the work.</summary>
    public static async Task<T> ReadAsync<T>(string place, string? passphrase, Func<IBackupSource, Task<T>> work)
    {
        if (!IsArchive(place))
        {
            return Directory.Exists(place)
                ? await work(new FolderSource(place, passphrase))
                : throw new BackupRefusedException($"There is no backup at {place}.");
        }

        await using var stream = place == Pipe ? Console.OpenStandardInput() : OpenArchive(place);
        return await work(new TarSource(stream, passphrase));
    }

    public static BackupProgress Progress(VerbCall call) => new(call.Error, call.Error == Console.Error && !Console.IsErrorRedirected, TimeProvider.System);

    /// <summary>Runs the work; what the operator can mend is told in a sentence.</summary>
    public static async Task<int> TellAsync(VerbCall call, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is BackupRefusedException or StorageFullException or IOException or UnauthorizedAccessException)
        {
            await call.Error.WriteLineAsync(exception.Message);
            return ExitCodes.Failed;
        }
        catch (DbException exception)
        {
            await call.Error.WriteLineAsync($"The database refused it: {exception.Message}");
            return ExitCodes.Failed;
        }
    }

    private static FileStream OpenArchive(string place) => File.Exists(place)
        ? new FileStream(place, FileMode.Open, FileAccess.Read, FileShare.Read, 256 * 1024, useAsync: false)
        : throw new BackupRefusedException($"There is no backup at {place}.");
}
