namespace Hypersend.Server.Platform.RateLimits;

/// <summary>Counts per (group, key) what was taken in the last window.</summary>
internal interface IRateWindow
{
    /// <summary>Takes one of <paramref name="limit"/> per <paramref name="window"/>; null when it was there, else how long to wait. A refused try is not counted.</summary>
    ValueTask<TimeSpan?> TakeAsync(string group, string key, int limit, TimeSpan window, CancellationToken cancellation);
}
