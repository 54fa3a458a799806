namespace Hypersend.Server.Features.Files;

/// <summary>
/// While a backup copies what the rows named when it began, no bytes may go. Whoever makes one holds the lease and renews it;
/// one that died lets go of it by its end, which the clock of the database tells.
/// </summary>
internal interface IBackupLease
{
    Task<bool> IsHeldAsync(CancellationToken cancellation);

    /// <summary>Takes it from now on, or renews it; false when somebody else holds it.</summary>
    Task<bool> TakeAsync(string holder, TimeSpan length, CancellationToken cancellation);

    /// <summary>Lets go of it.</summary>
    Task EndAsync(string holder, CancellationToken cancellation);
}
