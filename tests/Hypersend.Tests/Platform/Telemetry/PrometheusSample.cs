using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Hypersend.Tests.Platform.Telemetry;

/// <summary>A strict reader of the text format: whatever it cannot read fails the test.</summary>
internal sealed partial class PrometheusSample
{
    private PrometheusSample()
    {
    }

    public Dictionary<string, string> Types { get; } = [];

    public Dictionary<string, string> Helps { get; } = [];

    /// <summary>By name and sorted labels: <c>name{a=1,b=2}</c>, values unescaped.</summary>
    public Dictionary<string, double> Values { get; } = [];

    public static PrometheusSample Parse(string text)
    {
        var sample = new PrometheusSample();
        Assert.EndsWith("\n", text + (text.Length == 0 ? "\n" : ""));
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            sample.Read(line);
        return sample;
    }

    private void Read(string line)
    {
        if (TypeLine().Match(line) is { Success: true } type)
        {
            Types.Add(type.Groups[1].Value, type.Groups[2].Value); // Add: a name twice is an error of the format
            return;
        }
        if (HelpLine().Match(line) is { Success: true } help)
        {
            Helps.Add(help.Groups[1].Value, help.Groups[2].Value);
            return;
        }
        var match = ValueLine().Match(line);
        Assert.True(match.Success, line);
        var labels = LabelPair().Matches(match.Groups[2].Value).Select(pair => $"{pair.Groups[1].Value}={Unescape(pair.Groups[2].Value)}");
        var number = match.Groups[3].Value;
        Values.Add(
            $"{match.Groups[1].Value}{{{string.Join(',', labels)}}}",
            number == "+Inf" ? double.PositiveInfinity : double.Parse(number, CultureInfo.InvariantCulture));
    }

    private static string Unescape(string value)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
            plain.Append(value[i] == '\\' ? value[++i] == 'n' ? '\n' : value[i] : value[i]);
        return plain.ToString();
    }

    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$")]
    private static partial Regex HelpLine();

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\[\\"n])*",?)+)\})? (\S+)$""")]
    private static partial Regex ValueLine();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)",?""")]
    private static partial Regex LabelPair();
}
