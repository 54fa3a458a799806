using System.Text;

namespace Hypersend.Cli.Screens;

/// <summary>
/// Text of others, made harmless for a terminal: names and messages may hold escape sequences that paint over what is
/// there, and marks that turn the order of letters around.
/// </summary>
internal static class PlainText
{
    /// <summary>The text in one line.</summary>
    public static string OneLine(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (EndsLine(rune) || rune.Value == '\t')
                clean.Append(' ');
            else if (!Rune.IsControl(rune) && !TurnsOrder(rune.Value))
                clean.Append(rune);
        }

        return clean.ToString();
    }

    /// <summary>The text line by line.</summary>
    public static IEnumerable<string> Lines(string? text) => (text ?? "").ReplaceLineEndings("\n").Split('\n').Select(OneLine);

    private static bool EndsLine(Rune rune) => rune.Value is '\n' or '\r' or '\v' or '\f' or 0x85 or 0x2028 or 0x2029;

    private static bool TurnsOrder(int value) => value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
