using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Transfers;
using Hypersend.Server.Platform;

namespace Hypersend.Server.Features.Transfers;

/// <summary>Ends what nobody took in a day, and relays whose transfer ended on another node or whose session is over.</summary>
internal sealed partial class ExpireTransfers(
    ITransferStore store, TransferNews news, Relays relays, StoredCopy copy, TimeProvider clock, ILogger<ExpireTransfers> log) : BackgroundLoop(log)
{
    private const int AtOnce = 100;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ExpireEvery = TimeSpan.FromSeconds(30);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, clock);
        var expiredAt = clock.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await relays.CheckAsync(stopping);
                if (clock.GetElapsedTime(expiredAt) < ExpireEvery)
                    continue;
                expiredAt = clock.GetTimestamp();
                await ExpireAsync(stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                NotChecked(log, exception);
            }
        }
    }

    public async Task ExpireAsync(CancellationToken cancellation)
    {
        IReadOnlyList<TransferRow> expired;
        do
        {
            expired = await store.ExpireAsync(clock.GetUtcNow(), AtOnce, cancellation);
            foreach (var row in expired)
            {
                news.Tell(EventTypes.TransferFailed, row);
                relays.End(row.Id, RelayWords.Cancel);
                await copy.AfterAsync(row);
            }
        }
        while (expired.Count == AtOnce);
    }

    [LoggerMessage(800, LogLevel.Warning, "Transfers could not be looked after; it is tried again")]
    private static partial void NotChecked(ILogger log, Exception exception);
}
