using System.Diagnostics.Metrics;

namespace Hypersend.Server.Features.Transfers;

/// <summary>What passes between people without being kept.</summary>
internal static class RelayMetrics
{
    private static readonly Meter Meter = new("Hypersend.Relay");

    private static readonly UpDownCounter<long> Sides = Meter.CreateUpDownCounter<long>(
        "hypersend.relay.sides", description: "Connections to relays of this node; a transfer under way has two");

    private static readonly Counter<long> PassedBytes = Meter.CreateCounter<long>(
        "hypersend.relay.passed", unit: "By", description: "Bytes that were handed from one side to the other");

    public static void Came() => Sides.Add(1);

    public static void Went() => Sides.Add(-1);

    public static void Passed(long bytes) => PassedBytes.Add(bytes);
}
