using Hypersend.EngineSpecs.Engines;

namespace Hypersend.FaultTests.Lines;

/// <summary>What can be wrong with a line, and how it becomes well again.</summary>
/// <param name="Lasts">False for what happens in a moment, or leaves a line that still carries everything: everybody has to go on with it, not only after it.</param>
internal sealed record LineFault(string Name, Action<FaultProxy> Begin, Action<FaultProxy> End, bool Lasts = false)
{
    public static readonly LineFault Slow = new("slow", line => line.Latency = TimeSpan.FromMilliseconds(60), line => line.Latency = TimeSpan.Zero);
    public static readonly LineFault Narrow = new("narrow", line => line.BytesPerSecond = 512 * 1024, line => line.BytesPerSecond = int.MaxValue);
    public static readonly LineFault Chopped = new("chopped", line => line.SliceLength = 53, line => line.SliceLength = int.MaxValue);
    public static readonly LineFault Stuck = new("stuck", line => line.Stall(), line => line.Resume(), Lasts: true);
    public static readonly LineFault Cut = new("cut", line => line.CutAll(), _ => { });
    public static readonly LineFault HalfOpen = new("half open", line => line.DeafenAll(), _ => { });

    public static readonly LineFault Away = new(
        "away",
        line =>
        {
            line.IsAway = true;
            line.CutAll();
        },
        line => line.IsAway = false,
        Lasts: true);

    public static readonly IReadOnlyList<LineFault> All = [Slow, Narrow, Chopped, Stuck, Cut, Away, HalfOpen];
}
