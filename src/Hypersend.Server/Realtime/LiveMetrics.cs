using System.Diagnostics.Metrics;

namespace Hypersend.Server.Realtime;

/// <summary>What the live side does: sockets, deliveries, and what went wrong on the way.</summary>
internal static class LiveMetrics
{
    private static readonly Meter Meter = new("Hypersend.Live");

    private static readonly UpDownCounter<long> OpenSockets = Meter.CreateUpDownCounter<long>(
        "hypersend.live.sockets", description: "Sockets that are open and signed in");

    private static readonly Counter<long> Events = Meter.CreateCounter<long>(
        "hypersend.live.events", description: "Events handed to listeners, counted once for each of them");

    private static readonly Counter<long> Frames = Meter.CreateCounter<long>(
        "hypersend.live.frames", description: "Frames of events handed to listeners, counted once for each of them");

    private static readonly Counter<long> Commands = Meter.CreateCounter<long>(
        "hypersend.live.commands", description: "Objects that clients sent");

    private static readonly Counter<long> Repairs = Meter.CreateCounter<long>(
        "hypersend.live.repairs", description: "Holes in a chat's events that were mended from the database");

    private static readonly Counter<long> Resyncs = Meter.CreateCounter<long>(
        "hypersend.live.resyncs", description: "Sockets that were told to say hello again");

    private static readonly Counter<long> Closes = Meter.CreateCounter<long>(
        "hypersend.live.closes", description: "Sockets that the server closed, by code");

    public static void Opened() => OpenSockets.Add(1);

    public static void Closed() => OpenSockets.Add(-1);

    public static void Delivered(int events, int listeners)
    {
        Events.Add((long)events * listeners);
        Frames.Add(listeners);
    }

    public static void Commanded(int objects) => Commands.Add(objects);

    public static void Repaired() => Repairs.Add(1);

    public static void Resynced() => Resyncs.Add(1);

    public static void Closed(int code) => Closes.Add(1, new KeyValuePair<string, object?>("code", code));
}
