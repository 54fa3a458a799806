using System.Formats.Tar;
using System.Text.Json;

namespace Hypersend.Server.Features.Backups;

/// <summary>One archive, written from its beginning to its end: unpacked, it is a folder with one run.</summary>
internal sealed class TarTarget : IBackupTarget
{
    private readonly Stream _stream;
    private readonly string _place;
    private readonly TarWriter _tar;
    private readonly PassphraseKey? _key;

    private TarTarget(Stream stream, string place, PassphraseKey? key)
    {
        (_stream, _place, _key) = (stream, place, key);
        _tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true);
    }

    public int AtOnce => 1;

    public long? FreeBytes => null;

    /// <param name="stream">Where it goes; the caller's.</param>
    /// <param name="place">What it is called in sentences.</param>
    /// <param name="passphrase">Null for none.</param>
    /// <param name="iterations">How often the passphrase is hashed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<TarTarget> BeginAsync(Stream stream, string place, string? passphrase, int iterations, CancellationToken cancellation)
    {
        var key = passphrase is null ? null : PassphraseKey.Make(passphrase, iterations);
        var target = new TarTarget(stream, place, key);
        var head = JsonSerializer.SerializeToUtf8Bytes(new BackupHead { Seal = key?.Seal }, BackupJson.Default.BackupHead);
        await target.WriteAsync(BackupNames.Head, new MemoryStream(head), cancellation);
        return target;
    }

    public BackupPart? Kept(string name, long length) => null;

    public Stream? OpenUnvouched(string name, long length) => null;

    public async Task PutAsync(string name, long length, Stream content, Func<bool>? keep, CancellationToken cancellation)
    {
        if (_key is null)
        {
            await WriteAsync(name, content, cancellation);
            return;
        }

        await using var sealing = new SealingStream(_key, name, length, content);
        await WriteAsync(name + BackupNames.SealedEnding, sealing, cancellation);
    }

    public async Task FinishAsync(string name, ReadOnlyMemory<byte> manifest, CancellationToken cancellation)
    {
        await PutAsync(name, manifest.Length, new MemoryStream(manifest.ToArray()), keep: null, cancellation);
        try
        {
            await _tar.DisposeAsync();
            await _stream.FlushAsync(cancellation);
            (_stream as FileStream)?.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            throw BackupFolder.Explain(_place, exception);
        }
    }

    public async ValueTask DisposeAsync() => await _tar.DisposeAsync();

    private async Task WriteAsync(string name, Stream content, CancellationToken cancellation)
    {
        try
        {
            var entry = new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            await _tar.WriteEntryAsync(entry, cancellation);
        }
        catch (IOException exception)
        {
            throw BackupFolder.Explain(_place, exception);
        }
    }
}
