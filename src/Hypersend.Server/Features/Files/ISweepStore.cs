using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// What the sweeper decides. Every decision is a condition in the database, looked at once to find and once more under the
/// lock of the row to act: two servers that sweep at once, or one that was too late, do nothing twice and nothing wrong.
/// </summary>
internal interface ISweepStore
{
    /// <summary>The files that this action is due for, at most so many.</summary>
    Task<IReadOnlyList<FileId>> FindAsync(string action, SweepTimes times, int limit, CancellationToken cancellation);

    /// <summary>Ends the file when the action is still due for it; null when it is not.</summary>
    Task<Finished?> EndAsync(FileId id, string action, SweepTimes times, CancellationToken cancellation);

    /// <summary>Nobody is left for whom it waits: it gets an end. Null when that has changed.</summary>
    Task<Finished?> SetExpiryAsync(FileId id, SweepTimes times, CancellationToken cancellation);

    /// <summary>Gives back what an idle upload has reserved beyond what came.</summary>
    Task GiveBackAsync(FileId id, SweepTimes times, CancellationToken cancellation);

    /// <summary>The file when its bytes may go now; null when they are needed, or gone.</summary>
    Task<FileRow?> FindToDropAsync(FileId id, SweepTimes times, CancellationToken cancellation);

    /// <summary>When the next upload or file is over by its time.</summary>
    Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellation);

    /// <summary>Those of these that no row knows, or whose bytes were taken away long ago: something came late.</summary>
    Task<IReadOnlyList<FileId>> UnknownAsync(IReadOnlyList<FileId> ids, SweepTimes times, CancellationToken cancellation);

    /// <summary>The files with bytes of their own that became ready since the last round or the one before, a page at a time.</summary>
    Task<IReadOnlyList<FileRow>> RecentAsync(long afterNo, SweepTimes times, int limit, CancellationToken cancellation);
}

/// <summary>The moments before which things are late, computed once a round.</summary>
internal sealed record SweepTimes(DateTimeOffset Now, DateTimeOffset HalfMade, DateTimeOffset Unused, DateTimeOffset Idle, DateTimeOffset Ended, DateTimeOffset Orphaned, DateTimeOffset Recent)
{
    public static SweepTimes At(DateTimeOffset now) => new(
        now,
        HalfMade: now - TimeSpan.FromMinutes(10),
        Unused: now - TimeSpan.FromHours(24),
        Idle: now - TimeSpan.FromHours(1),
        Ended: now - TimeSpan.FromMinutes(10),
        Orphaned: now - TimeSpan.FromHours(1),
        Recent: now - TimeSpan.FromHours(25));
}
