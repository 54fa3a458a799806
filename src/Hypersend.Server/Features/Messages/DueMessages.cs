using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Messages;

/// <summary>
/// Sends what was scheduled and ends what destroys itself, when the time comes: one timer to the next of them, nothing
/// that polls. What became due while no server ran is done at the start.
/// </summary>
internal sealed partial class DueMessages(
    IScheduledStore scheduled, IMessageStore messages, MessageWriter writer, ChangePublisher publisher, DueTimer timer, TimeProvider clock, ILogger<DueMessages> log)
    : BackgroundLoop(log)
{
    private const int BatchLimit = 200;

    // Another node may have written something sooner than what this one waits for.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Setback = TimeSpan.FromSeconds(2);

    private readonly ILogger _log = log;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            DateTimeOffset next;
            timer.Begin();
            try
            {
                next = await DoDueAsync(stopping);
            }
            catch (Exception exception) when (EngineFailures.Of(exception) is not null)
            {
                NotDone(_log, exception);
                next = clock.GetUtcNow() + Setback;
            }

            var latest = clock.GetUtcNow() + LongestSleep;
            await timer.SleepUntilAsync(next < latest ? next : latest, stopping);
        }
    }

    /// <summary>Does all that is due; gives the time of the next.</summary>
    private async Task<DateTimeOffset> DoDueAsync(CancellationToken stopping)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            var due = await scheduled.TakeDueAsync(now, Lease, BatchLimit, stopping);
            await Task.WhenAll(due.Select(SendAsync));
            var changes = await messages.ExpireAsync(now, BatchLimit, stopping);
            foreach (var change in changes)
                await publisher.PublishAsync(change);
            if (due.Count == 0 && changes.Count == 0)
                break;
        }

        var (send, end) = (await scheduled.NextDueAsync(stopping), await messages.NextExpiryAsync(stopping));
        return send < (end ?? DateTimeOffset.MaxValue) ? send.Value : end ?? DateTimeOffset.MaxValue;
    }

    private async Task SendAsync(DueMessage due)
    {
        var code = await TrySendAsync(due);

        // What the server could not do is tried again when the lease is over; what may not be sent is told to its sender.
        if (code is not (null or ErrorCodes.Busy or ErrorCodes.Unavailable or ErrorCodes.OutcomeUnknown or ErrorCodes.StorageFull or ErrorCodes.NotSent))
            await scheduled.FailAsync(due.Id, code, CancellationToken.None);
    }

    private async Task<string?> TrySendAsync(DueMessage due)
    {
        try
        {
            var result = await writer.SendAsync(MessageRules.ToNew(due.Sender, due.Request) with { MovesReadMark = false, Scheduled = due.Id });
            return result.Failure?.Code;
        }
        catch (Exception exception)
        {
            // A bug of ours must not come back with every lease.
            Broke(_log, due.Id, exception);
            return ErrorCodes.InternalError;
        }
    }

    [LoggerMessage(311, LogLevel.Warning, "Due messages could not be done; they are tried again")]
    private static partial void NotDone(ILogger log, Exception exception);

    [LoggerMessage(312, LogLevel.Error, "Scheduled message {Id} broke; it is kept as failed")]
    private static partial void Broke(ILogger log, ScheduledId id, Exception exception);
}
