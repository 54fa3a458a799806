namespace Hypersend.FaultTests.Histories;

/// <summary>What is wrong with a history; each finding is a sentence.</summary>
internal sealed class Findings
{
    public int Acknowledged { get; init; }

    public int Unknown { get; init; }

    /// <summary>Acknowledged, and not there; or there as something else than was acknowledged.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>There, or shown, more than once.</summary>
    public List<string> Twice { get; } = [];

    /// <summary>Before something that was over when it began.</summary>
    public List<string> Disorder { get; } = [];

    /// <summary>Numbers that are not there, or are there for two.</summary>
    public List<string> Gaps { get; } = [];

    /// <summary>There, and nobody asked for it, or it was refused.</summary>
    public List<string> Unexpected { get; } = [];

    /// <summary>Screens that show something else than there is.</summary>
    public List<string> Diverged { get; } = [];

    public IEnumerable<string> All => Missing.Concat(Twice).Concat(Disorder).Concat(Gaps).Concat(Unexpected).Concat(Diverged);

    public override string ToString() =>
        $"{Acknowledged} acknowledged, {Unknown} without an answer: missing {Missing.Count}, twice {Twice.Count}, out of order {Disorder.Count}, " +
        $"gaps {Gaps.Count}, unexpected {Unexpected.Count}, screens that differ {Diverged.Count}";
}
