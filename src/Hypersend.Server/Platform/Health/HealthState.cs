using Hypersend.Contracts.Server;

namespace Hypersend.Server.Platform.Health;

/// <summary>
/// What the probes last said. Each has a second; an answer serves for two, so that a flood of health checks costs nothing.
/// </summary>
internal sealed partial class HealthState(IEnumerable<IHealthProbe> probes, TimeProvider clock, ILogger<HealthState> log) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // The very first call of a client library compiles it and opens its connections.
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ServesFor = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _asking = new(1);
    private Answer? _last;

    /// <summary>Set when the process is told to stop: no new work should come here.</summary>
    public bool Draining { get; private set; }

    public void Drain() => Draining = true;

    public void Dispose() => _asking.Dispose();

    public async Task<Answer> AskAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } fresh)
            return fresh;
        await _asking.WaitAsync(cancellation);
        try
        {
            if (Fresh() is { } meanwhile)
                return meanwhile;
            var words = await Task.WhenAll(probes.Select(probe => AskOneAsync(probe, _last is null ? FirstPatience : Patience)));
            var answer = new Answer(words.ToDictionary(pair => pair.Service, pair => pair.Word), clock.GetTimestamp());
            _last = answer;
            foreach (var (service, word) in words)
                HealthMetrics.Asked(service, word == HealthWords.Healthy);
            return answer;
        }
        finally
        {
            _asking.Release();
        }
    }

    private Answer? Fresh() => _last is { } last && clock.GetElapsedTime(last.At) < ServesFor ? last : null;

    private async Task<(string Service, string Word)> AskOneAsync(IHealthProbe probe, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience, clock);
        try
        {
            await probe.ProbeAsync(limit.Token).WaitAsync(limit.Token);
            return (probe.Service, HealthWords.Healthy);
        }
        catch (Exception exception)
        {
            ProbeFailed(log, probe.Service, exception.GetType().Name);
            return (probe.Service, HealthWords.Unavailable);
        }
    }

    [LoggerMessage(40, LogLevel.Warning, "The {Service} did not answer its probe ({Error})")]
    private static partial void ProbeFailed(ILogger log, string service, string error);

    /// <summary>The word of every service at one moment.</summary>
    public sealed record Answer(IReadOnlyDictionary<string, string> Services, long At)
    {
        public bool DatabaseIsAway => Services.TryGetValue("database", out var word) && word != HealthWords.Healthy;

        public bool Healthy => Services.Values.All(word => word == HealthWords.Healthy);
    }
}
