using System.Runtime.CompilerServices;

namespace Hypersend.Server.Features.Backups;

/// <summary>A run in a folder: the newest one, or the one whose folder is named.</summary>
internal sealed class FolderSource : IBackupSource
{
    private readonly string _root;
    private readonly string _run;
    private readonly PassphraseKey? _key;

    public FolderSource(string folder, string? passphrase)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var isRun = BackupNames.IsRun(Path.GetFileName(path)) && !File.Exists(Path.Combine(path, BackupNames.Head));
        _root = isRun ? Path.GetDirectoryName(path)! : path;
        var head = BackupFolder.ReadHead(_root);
        var runs = BackupFolder.Runs(_root);
        _run = (isRun ? runs.FirstOrDefault(run => run == Path.GetFileName(path)) : runs is [.., var newest] ? newest : null)
            ?? throw new BackupRefusedException($"There is no finished backup in {path}: a manifest is written last, and there is none.");
        _key = BackupFolder.KeyFor(head, passphrase);
    }

    public async IAsyncEnumerable<BackupPiece> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var name = BackupNames.Manifest(_run);
        var bytes = new MemoryStream();
        await using (var stored = Open(name))
            await stored.CopyToAsync(bytes, cancellation);
        var manifest = BackupJson.Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), BackupJson.Default.BackupManifest, name);
        var listed = manifest.Parts.Select(part => part.Name).Where(part => part != BackupNames.Origin(_run)).ToList();

        // All of it is looked for before anything is done with the first of it.
        foreach (var part in listed)
            Check(part);
        await foreach (var file in BackupFolder.ReadListAsync(_root, _run, _key, cancellation))
            Check(file.Name);
        yield return Piece(BackupNames.Origin(_run));
        foreach (var table in listed.Where(IsTable))
            yield return Piece(table);
        await foreach (var file in BackupFolder.ReadListAsync(_root, _run, _key, cancellation))
            yield return Piece(file.Name);
        foreach (var other in listed.Where(part => !IsTable(part)))
            yield return Piece(other);
        bytes.Position = 0;
        yield return new BackupPiece(_run, name, bytes);
    }

    private bool IsTable(string name) => name.StartsWith(BackupNames.Tables(_run), StringComparison.Ordinal);

    private BackupPiece Piece(string name) => new(_run, name, Open(name));

    private void Check(string name)
    {
        if (!File.Exists(Path.Combine(_root, _key is null ? name : name + BackupNames.SealedEnding)))
            throw new BackupRefusedException($"{name} is missing: this backup is not whole.");
    }

    private Stream Open(string name) => BackupFolder.Open(_root, name, _key);
}
