using System.Globalization;
using System.Text;

namespace Hypersend.Load;

/// <summary>One figure, what it is measured beside, and what it has to be.</summary>
internal sealed record Row(string What, string Figure)
{
    public string Peer { get; init; } = "-";

    public string Ratio { get; init; } = "-";

    public string Must { get; init; } = "-";

    public string Aim { get; init; } = "-";

    public string Remark { get; init; } = "";
}

/// <summary>The figures of one run, a table a scenario, with machine and date.</summary>
internal sealed class Report
{
    private readonly List<(string Scenario, List<Row> Rows)> _scenarios = [];

    /// <summary>What is added from now on belongs to this scenario.</summary>
    public void Begin(string scenario) => _scenarios.Add((scenario, []));

    public void Add(Row row)
    {
        _scenarios[^1].Rows.Add(row);
        Console.Error.WriteLine($"   {row.What}: {row.Figure} (beside {row.Peer}, {row.Ratio}; must {row.Must}, aim {row.Aim}) {row.Remark}");
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        foreach (var (scenario, rows) in _scenarios)
            text.Append(CultureInfo.InvariantCulture, $"{scenario}, {Table(rows)}\n");
        return text.ToString();
    }

    /// <summary>Replaces what stands between the two markers of each scenario that ran; the others keep their figures and date.</summary>
    public void WriteInto(string path)
    {
        var text = File.ReadAllText(path);
        foreach (var (scenario, rows) in _scenarios)
        {
            var begin = $"<!-- {scenario} -->";
            var from = text.IndexOf(begin, StringComparison.Ordinal);
            var to = text.IndexOf($"<!-- /{scenario} -->", StringComparison.Ordinal);
            if (from < 0 || to < 0)
                throw new InvalidDataException($"{path} has no place for the figures of {scenario}.");
            text = $"{text[..from]}{begin}\n{Table(rows)}{text[to..]}";
        }

        File.WriteAllText(path, text);
    }

    public static string Number(double value) => value.ToString(value < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    public static double Median(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Table(List<Row> rows)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Machine.Describe()}.\n\n");
        text.Append("| what | figure | beside | ratio | must | aim | remark |\n|---|---|---|---|---|---|---|\n");
        foreach (var row in rows)
            text.Append(CultureInfo.InvariantCulture, $"| {row.What} | {row.Figure} | {row.Peer} | {row.Ratio} | {row.Must} | {row.Aim} | {row.Remark} |\n");
        return text.ToString();
    }
}
