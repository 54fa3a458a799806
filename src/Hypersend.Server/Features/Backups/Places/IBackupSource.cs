namespace Hypersend.Server.Features.Backups;

/// <summary>Where a backup comes from.</summary>
internal interface IBackupSource
{
    /// <summary>
    /// Everything that belongs to one run, in the order in which it was written: its origin, its tables, the bytes of files, the keys,
    /// the list of files, the manifest. Each piece is read before the next one is asked for.
    /// </summary>
    IAsyncEnumerable<BackupPiece> ReadAsync(CancellationToken cancellation);
}

/// <summary>One piece, opened already if it was sealed.</summary>
internal sealed record BackupPiece(string Run, string Name, Stream Content)
{
    /// <summary>The name without that of the run.</summary>
    public string Short => Name.StartsWith(Run + "/", StringComparison.Ordinal) ? Name[(Run.Length + 1)..] : Name;
}
