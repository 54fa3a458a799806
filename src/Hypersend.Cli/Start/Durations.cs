using System.CommandLine.Parsing;
using System.Globalization;

namespace Hypersend.Cli.Start;

/// <summary>Spans of time as people write them: 90s, 30m, 12h, 7d.</summary>
internal static class Durations
{
    public static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (Read(text) is { } span)
            return span;
        result.AddError($"\"{text}\" is no span of time: write 90s, 30m, 12h or 7d");
        return null;
    }

    private static TimeSpan? Read(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return null;
        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' when count <= 36_500 => TimeSpan.FromDays(count),
            _ => null,
        };
    }
}
