namespace Hypersend.Server.Features.Backups;

/// <summary>Where a backup goes.</summary>
internal interface IBackupTarget : IAsyncDisposable
{
    /// <summary>How many pieces it takes at once.</summary>
    int AtOnce { get; }

    /// <summary>How much more fits; null when nobody knows.</summary>
    long? FreeBytes { get; }

    /// <summary>What an earlier run here kept under this name and vouches for; null when it has to come again.</summary>
    BackupPart? Kept(string name, long length);

    /// <summary>Opens what lies here under this name though no run vouches for it: one was interrupted. Null when there is nothing.</summary>
    Stream? OpenUnvouched(string name, long length);

    /// <summary>Takes one piece, of exactly this length; until <see cref="FinishAsync"/> it need not be durable. False from <paramref name="keep"/> takes it back, where that is possible.</summary>
    Task PutAsync(string name, long length, Stream content, Func<bool>? keep, CancellationToken cancellation);

    /// <summary>Makes all of it durable, and only then says that there is a backup.</summary>
    Task FinishAsync(string name, ReadOnlyMemory<byte> manifest, CancellationToken cancellation);
}
