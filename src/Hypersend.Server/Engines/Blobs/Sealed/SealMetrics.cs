using System.Diagnostics.Metrics;

namespace Hypersend.Server.Engines.Blobs.Sealed;

/// <summary>What the seals tell the people who run the server.</summary>
internal static class SealMetrics
{
    private static readonly Meter Meter = new("Hypersend.Files");

    private static readonly Counter<long> DamagedFrames = Meter.CreateCounter<long>(
        "hypersend.files.damaged", description: "Times that stored bytes were not what had been written");

    public static void Damaged() => DamagedFrames.Add(1);
}
