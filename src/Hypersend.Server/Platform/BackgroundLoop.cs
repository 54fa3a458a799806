namespace Hypersend.Server.Platform;

/// <summary>Work beside the requests that ends quietly when the server stops, also when the start itself failed.</summary>
internal abstract partial class BackgroundLoop(ILogger log) : BackgroundService
{
    protected abstract Task RunAsync(CancellationToken stopping);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // To stop is what was asked; the host would log it as a broken service when its start was cut short.
        }
        catch (Exception exception)
        {
            Broke(log, exception, GetType().Name);
            throw;
        }
    }

    [LoggerMessage(70, LogLevel.Critical, "{Loop} broke; the server stops")]
    private static partial void Broke(ILogger log, Exception exception, string loop);
}
