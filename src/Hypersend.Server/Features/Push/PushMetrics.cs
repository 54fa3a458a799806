using System.Diagnostics.Metrics;

namespace Hypersend.Server.Features.Push;

/// <summary>What became of pushes, and how long they took.</summary>
internal static class PushMetrics
{
    private static readonly Meter Meter = new("Hypersend.Push");

    private static readonly UpDownCounter<long> Waiting = Meter.CreateUpDownCounter<long>(
        "hypersend.push.queue", description: "Pushes that wait to be sent, retries included");

    private static readonly Counter<long> Taken = Meter.CreateCounter<long>("hypersend.push.sent", description: "Pushes that a push service took");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "hypersend.push.failed", description: "Tries that failed, by reason: a status, timeout, unreachable, private_address");

    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>(
        "hypersend.push.shed", description: "Pushes that were dropped because too many waited, or after too many tries");

    private static readonly Histogram<double> Latency = Meter.CreateHistogram(
        "hypersend.push.latency",
        "s",
        "From what happened to the push service's yes",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800] });

    public static void Queued(int more) => Waiting.Add(more);

    public static void Shed() => Dropped.Add(1);

    public static void Sent(TimeSpan after)
    {
        Taken.Add(1);
        Latency.Record(after.TotalSeconds);
    }

    public static void Failed(string reason) => Failures.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
