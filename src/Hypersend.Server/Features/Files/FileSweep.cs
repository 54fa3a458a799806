using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Turns;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Ends what is over, and takes away what nobody needs any more: mark, grace, sweep. What is over by its time ends when the
/// time comes, by one timer to the next of them, on every server of a cluster: the rows decide, under their locks. The rest is looked
/// through once a minute, a few rows at a time, by the server whose turn it is.
/// </summary>
internal sealed partial class FileSweep(
    ISweepStore store, EndFile end, IBlobStore blobs, IBackupLease backup, DropLeftovers leftovers, OpenUploads uploads, TellOfFile tell, TakeTurns turns, TimeProvider clock,
    ILogger<FileSweep> log) : BackgroundLoop(log)
{
    public const int RowsInOneStep = 500;

    private static readonly string[] ByTime = [SweepActions.ExpireUpload, SweepActions.ExpireFile];

    private static readonly string[] InTurn =
    [
        SweepActions.EndDelivered, SweepActions.EndFetched, SweepActions.SetExpiry, SweepActions.DropHalfMade, SweepActions.RemoveUnused,
        SweepActions.RemoveOfDeleted, SweepActions.GiveBackSpace, SweepActions.DropBytes,
    ];

    // Another node may have written something sooner than what this one waits for, and everybody is to know within 5 s.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Setback = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OrphanRound = TimeSpan.FromHours(12);

    private readonly ILogger _log = log;

    /// <summary>What a round would do now, without doing it; of each action at most so many.</summary>
    public async Task<IReadOnlyList<SweepDecision>> DecideAsync(int limit, CancellationToken cancellation)
    {
        var times = SweepTimes.At(clock.GetUtcNow());
        var decisions = new List<SweepDecision>();
        foreach (var action in ByTime.Concat(InTurn))
            decisions.AddRange((await store.FindAsync(action, times, limit, cancellation)).Select(id => new SweepDecision { Id = id, Action = action }));
        var orphans = 0;
        await foreach (var id in OrphansAsync(times, cancellation))
        {
            decisions.Add(new SweepDecision { Id = id, Action = SweepActions.DropOrphan });
            if (++orphans == limit)
                break;
        }

        return decisions;
    }

    /// <summary>Ends what is over by its time.</summary>
    public async Task EndDueAsync(CancellationToken cancellation)
    {
        foreach (var action in ByTime)
            await DoAllAsync(action, SweepTimes.At(clock.GetUtcNow()), cancellation);
    }

    /// <summary>One look at everything but the time and the orphans.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var action in InTurn)
            await DoAllAsync(action, SweepTimes.At(clock.GetUtcNow()), cancellation);
    }

    /// <summary>Takes away bytes that no row knows, and that no row is going to know any more.</summary>
    public async Task DropOrphansAsync(CancellationToken cancellation)
    {
        if (await backup.IsHeldAsync(cancellation))
            return;
        await foreach (var id in OrphansAsync(SweepTimes.At(clock.GetUtcNow()), cancellation))
            await TryAsync(SweepActions.DropOrphan, id, () => blobs.DeleteAsync(id, cancellation));
    }

    /// <summary>Takes away parts that lost, of files that became ready not long ago: whoever was to do it at once may have died.</summary>
    public async Task DropLeftoversAsync(CancellationToken cancellation)
    {
        if (!leftovers.IsNeeded || await backup.IsHeldAsync(cancellation))
            return;
        var times = SweepTimes.At(clock.GetUtcNow());
        for (var page = await store.RecentAsync(0, times, RowsInOneStep, cancellation);
            page.Count > 0;
            page = await store.RecentAsync(page[^1].No, times, RowsInOneStep, cancellation))
        {
            foreach (var file in page)
                await TryAsync(SweepActions.DropLeftovers, file.Id, () => leftovers.DropAsync(file.Id, cancellation));
        }
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new DueTimer(clock);
        var (round, orphanRound) = (clock.GetUtcNow(), clock.GetUtcNow() + Round);
        while (true)
        {
            DateTimeOffset next;
            timer.Begin();
            try
            {
                await EndDueAsync(stopping);
                if (clock.GetUtcNow() >= round)
                {
                    round = clock.GetUtcNow() + Round;
                    await InTurnAsync("sweep", SweepAsync, stopping);
                }

                if (clock.GetUtcNow() >= orphanRound)
                {
                    orphanRound = clock.GetUtcNow() + OrphanRound;
                    await InTurnAsync("orphans", DropOrphansAsync, stopping);
                    await InTurnAsync("leftovers", DropLeftoversAsync, stopping);
                }

                next = await store.NextDueAsync(stopping) ?? DateTimeOffset.MaxValue;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                Failed(_log, exception);
                next = clock.GetUtcNow() + Setback;
            }

            // What could not be ended stays due: it is tried again after a breath, and not in a circle.
            var now = clock.GetUtcNow();
            next = next <= now ? now + Setback : next;
            await timer.SleepUntilAsync(next < now + LongestSleep ? next : now + LongestSleep, stopping);
        }
    }

    private async Task InTurnAsync(string name, Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        await using var turn = await turns.TryTakeAsync(name, stopping);
        if (turn is not null)
            await work(turn.Token);
    }

    private async Task DoAllAsync(string action, SweepTimes times, CancellationToken cancellation)
    {
        while (action != SweepActions.DropBytes || !await backup.IsHeldAsync(cancellation))
        {
            var due = await store.FindAsync(action, times, RowsInOneStep, cancellation);
            var done = 0;
            foreach (var id in due)
                done += await TryAsync(action, id, () => DoAsync(action, id, times, cancellation)) ? 1 : 0;
            if (due.Count < RowsInOneStep || done == 0)
                return;
        }
    }

    private async Task DoAsync(string action, FileId id, SweepTimes times, CancellationToken cancellation)
    {
        switch (action)
        {
            case SweepActions.GiveBackSpace:
                await store.GiveBackAsync(id, times, cancellation);
                break;
            case SweepActions.SetExpiry:
                if (await store.SetExpiryAsync(id, times, cancellation) is { } kept)
                    await tell.OfCardAsync(kept);
                break;
            case SweepActions.DropBytes:
                if (await store.FindToDropAsync(id, times, cancellation) is { } ended)
                    await end.DropBytesAsync(ended, cancellation);
                break;
            default:
                // Whoever still writes is stopped first, so that no chunk lands in a place that is gone.
                await uploads.CloseAsync(id);
                if (await store.EndAsync(id, action, times, cancellation) is { } finished)
                    await tell.HandleAsync(finished);
                break;
        }
    }

    private async IAsyncEnumerable<FileId> OrphansAsync(SweepTimes times, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new List<FileId>();
        await foreach (var id in blobs.ListAsync(cancellation))
        {
            if (BornAt(id) > times.Orphaned)
                continue;
            seen.Add(id);
            if (seen.Count < RowsInOneStep)
                continue;
            foreach (var unknown in await store.UnknownAsync(seen, times, cancellation))
                yield return unknown;
            seen.Clear();
        }

        foreach (var unknown in await store.UnknownAsync(seen, times, cancellation))
            yield return unknown;
    }

    /// <summary>The first 48 bits of the id of a file are the time at which it was made.</summary>
    private static DateTimeOffset BornAt(FileId id)
    {
        var bytes = id.Value.ToByteArray(bigEndian: true);
        var milliseconds = (long)bytes[0] << 40 | (long)bytes[1] << 32 | (long)bytes[2] << 24 | (long)bytes[3] << 16 | (long)bytes[4] << 8 | bytes[5];
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
    }

    private async Task<bool> TryAsync(string action, FileId id, Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            NotDone(_log, action, id, exception);
            return false;
        }
    }

    [LoggerMessage(421, LogLevel.Warning, "The sweep of files failed; it will be tried again")]
    private static partial void Failed(ILogger log, Exception exception);

    [LoggerMessage(422, LogLevel.Warning, "The sweeper could not do {Action} for file {Id}; it will be tried again")]
    private static partial void NotDone(ILogger log, string action, FileId id, Exception exception);
}
