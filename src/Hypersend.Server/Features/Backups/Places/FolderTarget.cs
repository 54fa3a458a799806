using System.Text.Json;
using Hypersend.Server.Platform.Files;

namespace Hypersend.Server.Features.Backups;

/// <summary>
/// A folder of runs. Their tables are whole each time; the bytes of files, which never change, are there once for all of them.
/// </summary>
internal sealed class FolderTarget : IBackupTarget
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string PartEnding = ".part";

    private const string LockName = "hypersend-backup.lock";

    private readonly string _root;
    private readonly PassphraseKey? _key;
    private readonly Dictionary<string, BackupPart> _kept;
    private readonly FileStream _lock;

    private FolderTarget(string root, FileStream held, PassphraseKey? key, Dictionary<string, BackupPart> kept) =>
        (_root, _lock, _key, _kept) = (root, held, key, kept);

    public int AtOnce => 4;

    public long? FreeBytes => new DriveInfo(_root).AvailableFreeSpace;

    /// <summary>Opens the folder, or makes it; what an interrupted run left of its own is taken away.</summary>
    public static async Task<FolderTarget> OpenAsync(string folder, string? passphrase, int iterations, CancellationToken cancellation)
    {
        var root = Path.GetFullPath(folder);
        MakeFolder(root);
        var head = Path.Combine(root, BackupNames.Head);
        if (!File.Exists(head) && Directory.EnumerateFileSystemEntries(root).Any(entry => Path.GetFileName(entry) != LockName))
            throw new BackupRefusedException($"{root} has other things in it. Backups want a folder of their own.");
        var held = Hold(root);
        try
        {
            if (File.Exists(head))
                return await OpenAsync(root, held, passphrase, cancellation);
            var made = passphrase is null ? null : PassphraseKey.Make(passphrase, iterations);
            await WriteWholeAsync(head, JsonSerializer.SerializeToUtf8Bytes(new BackupHead { Seal = made?.Seal }, BackupJson.Default.BackupHead), cancellation);
            return new FolderTarget(root, held, made, []);
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    private static async Task<FolderTarget> OpenAsync(string root, FileStream held, string? passphrase, CancellationToken cancellation)
    {
        var key = BackupFolder.KeyFor(BackupFolder.ReadHead(root), passphrase);
        var runs = BackupFolder.Runs(root);
        foreach (var run in Directory.GetDirectories(root).Where(run => BackupNames.IsRun(Path.GetFileName(run)) && !runs.Contains(Path.GetFileName(run))))
            Directory.Delete(run, recursive: true);
        var kept = new Dictionary<string, BackupPart>(StringComparer.Ordinal);
        if (runs.Count > 0)
        {
            await foreach (var part in BackupFolder.ReadListAsync(root, runs[^1], key, cancellation))
                kept[part.Name] = part;
        }

        return new FolderTarget(root, held, key, kept);
    }

    public BackupPart? Kept(string name, long length)
    {
        var file = new FileInfo(PathOf(name));
        return _kept.TryGetValue(name, out var part) && part.Length == length && file.Exists && file.Length == StoredLength(length) ? part : null;
    }

    public Stream? OpenUnvouched(string name, long length)
    {
        var file = new FileInfo(PathOf(name));
        if (!file.Exists || file.Length != StoredLength(length))
            return null;
        var stream = file.OpenRead();
        return _key is null ? stream : new OpeningStream(_key, name, stream);
    }

    public async Task PutAsync(string name, long length, Stream content, Func<bool>? keep, CancellationToken cancellation)
    {
        var path = PathOf(name);
        MakeFolder(Path.GetDirectoryName(path)!);
        try
        {
            await using (var file = Create(path + PartEnding))
            {
                await using var sealing = _key is null ? null : new SealingStream(_key, name, length, content);
                await (sealing ?? content).CopyToAsync(file, 256 * 1024, cancellation);
            }

            if (keep?.Invoke() ?? true)
                File.Move(path + PartEnding, path, overwrite: true);
        }
        catch (IOException exception)
        {
            throw Full(exception);
        }
        finally
        {
            File.Delete(path + PartEnding);
        }
    }

    public async Task FinishAsync(string name, ReadOnlyMemory<byte> manifest, CancellationToken cancellation)
    {
        try
        {
            // One flush of the whole file system, and not one for each of perhaps a million files.
            using (var folder = new FolderHandle(_root))
                folder.FlushFileSystem();
            var bytes = manifest.ToArray();
            if (_key is not null)
            {
                await using var sealing = new SealingStream(_key, name, bytes.Length, new MemoryStream(bytes));
                bytes = new byte[sealing.Length];
                await sealing.ReadExactlyAsync(bytes, cancellation);
            }

            await WriteWholeAsync(PathOf(name), bytes, cancellation);
        }
        catch (IOException exception)
        {
            throw Full(exception);
        }
    }

    /// <summary>Takes away the oldest runs beyond so many, and the bytes that none of the others names. Gives how many runs went.</summary>
    public async Task<int> KeepAsync(int runs, CancellationToken cancellation)
    {
        var all = BackupFolder.Runs(_root);
        var gone = all.Take(Math.Max(0, all.Count - runs)).ToList();
        if (gone.Count == 0)
            return 0;
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var run in all.Except(gone))
        {
            await foreach (var part in BackupFolder.ReadListAsync(_root, run, _key, cancellation))
                named.Add(PathOf(part.Name));
        }

        // First the word that it is a backup, then what it consists of.
        foreach (var run in gone)
        {
            File.Delete(PathOf(BackupNames.Manifest(run)));
            Directory.Delete(Path.Combine(_root, run), recursive: true);
        }

        foreach (var shared in (string[])[BackupNames.Files, BackupNames.Pictures])
        {
            var folder = Path.Combine(_root, shared);
            foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [])
            {
                if (!named.Contains(file))
                    File.Delete(file);
            }
        }

        return gone.Count;
    }

    public ValueTask DisposeAsync() => _lock.DisposeAsync();

    private long StoredLength(long length) => _key is null ? length : SealedFrames.LengthOf(length);

    private string PathOf(string name) => Path.Combine(_root, _key is null ? name : name + BackupNames.SealedEnding);

    private BackupRefusedException Full(IOException exception) => BackupFolder.Explain(_root, exception);

    private static FileStream Hold(string root)
    {
        try
        {
            return new FileStream(Path.Combine(root, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new BackupRefusedException($"Another backup writes to {root} just now.", exception);
        }
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    private static async Task WriteWholeAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        MakeFolder(Path.GetDirectoryName(path)!);
        await using (var file = Create(path + PartEnding))
        {
            await file.WriteAsync(bytes, cancellation);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + PartEnding, path, overwrite: true);
        using var folder = new FolderHandle(Path.GetDirectoryName(path)!);
        folder.Flush();
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BackupRefusedException($"{folder} cannot be made: {exception.Message}", exception);
        }
    }
}
