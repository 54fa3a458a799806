using System.Globalization;
using System.Text;

namespace Hypersend.Cli.Files.Downloads;

/// <summary>Names that others chose, made into names of files in one folder: nothing that leads elsewhere, hides, or writes to a terminal.</summary>
internal static class SafeNames
{
    private const string Nameless = "file";
    private const string Forbidden = "/\\<>:\"|?*";

    // What is beside a download while it comes has the longest name.
    private const int MostBytes = 255 - 12;

    /// <summary>The last part of it, without what no name should have.</summary>
    public static string Of(string? name)
    {
        var last = (name ?? "").TrimEnd('/', '\\');
        last = last[(last.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = new StringBuilder(last.Length);
        foreach (var rune in last.EnumerateRunes())
        {
            if (rune.IsAscii && Forbidden.Contains((char)rune.Value, StringComparison.Ordinal))
                clean.Append('_');
            else if (rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
                clean.Append(rune);
        }

        // A dot at the beginning hides a file, and names those that shells and programs read by themselves.
        var trimmed = clean.ToString().Trim().TrimEnd('.', ' ');
        var shown = trimmed.TrimStart('.');
        if (shown.Length == 0)
            return Nameless;
        return Cut(shown.Length < trimmed.Length ? "_" + shown : shown);
    }

    /// <summary>The same name with a number before its ending.</summary>
    public static string Numbered(string name, int number)
    {
        var ending = Path.GetExtension(name);
        return string.Create(CultureInfo.InvariantCulture, $"{name[..^ending.Length]} ({number}){ending}");
    }

    private static string Cut(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= MostBytes)
            return name;
        var ending = Path.GetExtension(name);
        if (Encoding.UTF8.GetByteCount(ending) > MostBytes / 4)
            ending = "";
        var room = MostBytes - Encoding.UTF8.GetByteCount(ending);
        var start = new StringBuilder();
        foreach (var rune in name[..^ending.Length].EnumerateRunes())
        {
            if ((room -= rune.Utf8SequenceLength) < 0)
                break;
            start.Append(rune);
        }

        return start + ending;
    }
}
