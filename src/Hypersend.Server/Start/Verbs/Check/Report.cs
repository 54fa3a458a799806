using System.Text.Json;

namespace Hypersend.Server.Start.Verbs.Check;

/// <summary>Prints findings as they come, for people; or all at the end as one object, for machines.</summary>
internal sealed class Report(TextWriter output, bool json)
{
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true };

    private readonly List<Finding> _findings = [];

    public int Wrong => Count(Verdict.Wrong);

    public int Warnings => Count(Verdict.Warning);

    public void Take(Finding finding)
    {
        _findings.Add(finding);
        if (json)
            return;
        output.WriteLine($"{WordOf(finding.Verdict),-9}{finding.Name,-19} {finding.Seen}");
        if (finding.Fix is { } fix)
            output.WriteLine($"{"",-29}{fix}");
    }

    public void End()
    {
        if (!json)
        {
            output.WriteLine($"{Wrong} wrong, {Warnings} {(Warnings == 1 ? "warning" : "warnings")}, {Count(Verdict.Ok)} ok");
            return;
        }

        output.WriteLine(JsonSerializer.Serialize(
            new
            {
                wrong = Wrong,
                warnings = Warnings,
                ok = Count(Verdict.Ok),
                checks = _findings.Select(finding => new { name = finding.Name, verdict = WordOf(finding.Verdict), seen = finding.Seen, fix = finding.Fix }),
            },
            Pretty));
    }

    private static string WordOf(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Warning => "warning",
        _ => "wrong",
    };

    private int Count(Verdict verdict) => _findings.Count(finding => finding.Verdict == verdict);
}
