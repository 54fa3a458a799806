using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Platform.Health;

/// <summary>
/// On SIGTERM: say "not ready" first, for as long as a balancer needs to notice, and only then stop taking connections;
/// requests that run are finished.
/// </summary>
internal sealed partial class Drain(HealthState state, DrainOptions options, IEnumerable<IDrained> drained, TimeProvider clock, ILogger<Drain> log)
    : IHostedLifecycleService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        state.Drain();
        Draining(log, options.NoticeSeconds);
        if (options.NoticeSeconds > 0)
            await Task.Delay(TimeSpan.FromSeconds(options.NoticeSeconds), clock, cancellationToken);
        await Task.WhenAll(drained.Select(one => one.DrainAsync(cancellationToken)));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(41, LogLevel.Information, "Stopping: not ready from now on, {NoticeSeconds} s of notice, then running requests are finished")]
    private static partial void Draining(ILogger log, int noticeSeconds);
}

/// <summary>What would keep the server from stopping by itself: it ends what it holds open, once the notice is over.</summary>
internal interface IDrained
{
    Task DrainAsync(CancellationToken cancellation);
}

/// <summary>How a stop is announced.</summary>
internal sealed record DrainOptions(int NoticeSeconds)
{
    public static DrainOptions From(SettingsReader settings) => new(settings.Whole("DRAIN_NOTICE_SECONDS", 0, 0, 60, "seconds"));
}
