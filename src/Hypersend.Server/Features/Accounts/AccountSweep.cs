using Hypersend.Server.Platform;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Every ten minutes deletes what has run out; on many nodes whoever comes first does it.</summary>
internal sealed partial class AccountSweep(IAccountStore accounts, TimeProvider clock, ILogger<AccountSweep> log) : BackgroundLoop(log)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await accounts.SweepAsync(clock.GetUtcNow(), stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Failed(log, exception);
            }
        }
    }

    [LoggerMessage(102, LogLevel.Warning, "The sweep of expired sessions failed; it will be tried again")]
    private static partial void Failed(ILogger log, Exception exception);
}
