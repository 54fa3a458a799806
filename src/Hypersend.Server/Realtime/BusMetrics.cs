using System.Diagnostics.Metrics;

namespace Hypersend.Server.Realtime;

/// <summary>What the bus could not carry.</summary>
internal static class BusMetrics
{
    private static readonly Meter Meter = new("Hypersend.Bus");

    private static readonly Counter<long> LostMessages = Meter.CreateCounter<long>(
        "hypersend.bus.lost", description: "Messages that found the bus full or away; their listeners find the change in the database");

    public static void Lost(int count = 1) => LostMessages.Add(count);
}
