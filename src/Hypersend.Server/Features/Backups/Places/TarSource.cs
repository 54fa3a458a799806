using System.Formats.Tar;
using System.Runtime.CompilerServices;

namespace Hypersend.Server.Features.Backups;

/// <summary>An archive, read once from its beginning to its end.</summary>
internal sealed class TarSource(Stream stream, string? passphrase) : IBackupSource
{
    private const int LongestHead = 64 * 1024;

    public async IAsyncEnumerable<BackupPiece> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var tar = new TarReader(stream, leaveOpen: true);
        if (await NextAsync(tar, cancellation) is not { DataStream: { } first } head || head.Name != BackupNames.Head || head.Length > LongestHead)
            throw new BackupRefusedException("This is no backup of Hypersend.");
        var bytes = new byte[head.Length];
        await first.ReadExactlyAsync(bytes, cancellation);
        var key = BackupFolder.KeyFor(BackupFolder.CheckHead(BackupJson.Read(bytes, BackupJson.Default.BackupHead, BackupNames.Head)), passphrase);
        string? run = null;
        while (await NextAsync(tar, cancellation) is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                continue;
            var name = key is null ? entry.Name : entry.Name[..^Math.Min(entry.Name.Length, BackupNames.SealedEnding.Length)];
            run ??= name.Split('/')[0];
            var content = entry.DataStream ?? Stream.Null;
            yield return new BackupPiece(run, name, key is null ? content : new OpeningStream(key, name, content));
        }
    }

    private static async Task<TarEntry?> NextAsync(TarReader tar, CancellationToken cancellation)
    {
        try
        {
            return await tar.GetNextEntryAsync(copyData: false, cancellation);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new BackupRefusedException("This backup is damaged or cut short, or is none of Hypersend.", exception);
        }
    }
}
