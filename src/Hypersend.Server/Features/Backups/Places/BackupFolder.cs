using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Backups;

/// <summary>What is in a folder of backups.</summary>
internal static class BackupFolder
{
    public static BackupHead ReadHead(string root)
    {
        var path = Path.Combine(root, BackupNames.Head);
        if (!File.Exists(path))
            throw new BackupRefusedException($"{root} is no backup: {BackupNames.Head} is missing.");
        return CheckHead(BackupJson.Read(File.ReadAllBytes(path), BackupJson.Default.BackupHead, BackupNames.Head));
    }

    public static BackupHead CheckHead(BackupHead head) => head.Format <= BackupHead.KnownFormat
        ? head
        : throw new BackupRefusedException(
            $"This backup is of format {head.Format}, and this program knows those up to {BackupHead.KnownFormat}. Use the version that made it, or a newer one.");

    public static PassphraseKey? KeyFor(BackupHead head, string? passphrase) => (head.Seal, passphrase) switch
    {
        (null, null) => null,
        (null, _) => throw new BackupRefusedException("This backup has no passphrase. Leave --passphrase-file out, or make a sealed one in a folder of its own."),
        (_, null) => throw new BackupRefusedException("This backup is sealed with a passphrase: name the file that holds it with --passphrase-file."),
        ({ } seal, { } known) => PassphraseKey.Open(known, seal),
    };

    /// <summary>Those that are whole, the oldest first.</summary>
    public static IReadOnlyList<string> Runs(string root) =>
    [
        .. Directory.GetDirectories(root).Select(folder => Path.GetFileName(folder)!)
            .Where(run => BackupNames.IsRun(run) && (File.Exists(Path.Combine(root, BackupNames.Manifest(run)))
                || File.Exists(Path.Combine(root, BackupNames.Manifest(run) + BackupNames.SealedEnding))))
            .Order(StringComparer.Ordinal),
    ];

    public static Stream Open(string root, string name, PassphraseKey? key)
    {
        var path = Path.Combine(root, key is null ? name : name + BackupNames.SealedEnding);
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 256 * 1024, useAsync: false);
            return key is null ? file : new OpeningStream(key, name, file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BackupRefusedException($"{name} is missing: this backup is not whole.");
        }
    }

    /// <summary>The files and pictures of a run, with their hashes.</summary>
    public static async IAsyncEnumerable<BackupPart> ReadListAsync(
        string root, string run, PassphraseKey? key, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stored = Open(root, BackupNames.List(run), key);
        await foreach (var part in ReadListAsync(stored, cancellation))
            yield return part;
    }

    /// <summary>A line is a hash, a length and a name.</summary>
    public static async IAsyncEnumerable<BackupPart> ReadListAsync(Stream packed, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        using var lines = new StreamReader(gzip);
        while (true)
        {
            string? line;
            try
            {
                line = await lines.ReadLineAsync(cancellation);
            }
            catch (InvalidDataException exception)
            {
                throw new BackupRefusedException("The list of files is damaged.", exception);
            }

            if (line is null)
                yield break;
            if (line.Split(' ') is not [var hash, var length, var name] || !long.TryParse(length, CultureInfo.InvariantCulture, out var bytes))
                throw new BackupRefusedException("The list of files is damaged.");
            yield return new BackupPart(name, bytes, hash);
        }
    }

    /// <summary>A disk that is full is told in words; other trouble with it in its own.</summary>
    public static BackupRefusedException Explain(string place, IOException exception)
    {
        const int NoSpace = 28;
        const int QuotaUsedUp = 122;
        return exception.HResult is NoSpace or QuotaUsedUp or unchecked((int)0x80070070)
            ? new BackupRefusedException($"{place} is full. What was copied so far stays; make room and begin again.", new StorageFullException(exception))
            : new BackupRefusedException($"{place} cannot be written: {exception.Message}", exception);
    }
}
