using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Turns;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Every ten minutes deletes what has run out; of several servers the one whose turn it is.</summary>
internal sealed partial class AccountSweep(IAccountStore accounts, TakeTurns turns, TimeProvider clock, ILogger<AccountSweep> log) : BackgroundLoop(log)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await using var turn = await turns.TryTakeAsync("accounts", stopping);
                if (turn is not null)
                    await accounts.SweepAsync(clock.GetUtcNow(), turn.Token);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                Failed(log, exception);
            }
        }
    }

    [LoggerMessage(102, LogLevel.Warning, "The sweep of expired sessions failed; it will be tried again")]
    private static partial void Failed(ILogger log, Exception exception);
}
