namespace Hypersend.Server.Features.Accounts;

/// <summary>Every ten minutes deletes what has run out; on many nodes whoever comes first does it.</summary>
internal sealed partial class AccountSweep(IAccountStore accounts, TimeProvider clock, ILogger<AccountSweep> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await NextAsync(timer, stoppingToken))
        {
            try
            {
                await accounts.SweepAsync(clock.GetUtcNow(), stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Failed(log, exception);
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(102, LogLevel.Warning, "The sweep of expired sessions failed; it will be tried again")]
    private static partial void Failed(ILogger log, Exception exception);
}
