using System.Globalization;
using System.Text;

namespace Hypersend.Load;

/// <summary>The figures of one run, as a table with machine and date.</summary>
internal sealed class Report
{
    private const string Begin = "<!-- figures -->";
    private const string End = "<!-- /figures -->";

    private readonly List<(string What, string Figure, string Wanted, string Remark)> _rows = [];

    public void Add(string what, string figure, string wanted, string remark)
    {
        _rows.Add((what, figure, wanted, remark));
        Console.Error.WriteLine($"   {what}: {figure} (wanted {wanted})");
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Machine.Describe()}.\n\n");
        text.Append("| what | figure | wanted | remark |\n|---|---|---|---|\n");
        foreach (var (what, figure, wanted, remark) in _rows)
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {figure} | {wanted} | {remark} |\n");
        return text.ToString();
    }

    /// <summary>Replaces what stands between the two markers of the file.</summary>
    public void WriteInto(string path)
    {
        var text = File.ReadAllText(path);
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = text.IndexOf(End, StringComparison.Ordinal);
        File.WriteAllText(path, $"{text[..from]}\n{ToMarkdown()}{text[to..]}");
    }

    public static string Number(double value) => value.ToString(value < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
