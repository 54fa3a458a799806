using System.Buffers;
using System.Globalization;
using System.Text;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Makes of any text a name that every system can keep and that shows what it is. A cleaned name stays the same when it is
/// cleaned again.
/// </summary>
internal static class FileNames
{
    public const int MaxBytes = 255;
    public const int MaxPathBytes = 1_024;
    public const int MaxPathSegments = 32;

    private const int MaxExtensionBytes = 64;

    // Of a longer name only the beginning and the end are looked at: cleaning takes its time.
    private const int LongestStart = 2_048;
    private const int LongestEnd = 256;

    // Blanks in a row push an extension out of sight.
    private const int MaxBlanks = 3;

    private static readonly SearchValues<char> Separators = SearchValues.Create("/\\");
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>:\"/\\|?*");
    private static readonly HashSet<string> Reserved = new(
        [
            "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$",
            .. from port in new[] { "COM", "LPT" } from digit in "0123456789¹²³" select port + digit,
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The name alone, without its folders; null when nothing is left of it.</summary>
    public static string? Clean(string name)
    {
        var text = name.AsSpan().TrimEnd("/\\");
        text = text[(text.LastIndexOfAny(Separators) + 1)..];
        return CleanSegment(text.Length <= LongestStart + LongestEnd ? text : string.Concat(text[..LongestStart], text[^LongestEnd..]));
    }

    /// <summary>
    /// A path below a folder, with <c>/</c>, each segment cleaned; empty when it names the folder itself. Null when it leaves
    /// the folder, when nothing is left of a segment, or when it is too long or too deep.
    /// </summary>
    public static string? CleanPath(string path)
    {
        var segments = new List<string>();
        foreach (var range in path.AsSpan().SplitAny(Separators))
        {
            var segment = path.AsSpan(range);
            if (segment.IsEmpty || segment is ".")
                continue;
            if (segments.Count == MaxPathSegments || CleanSegment(segment) is not { } clean)
                return null;
            segments.Add(clean);
        }
        var whole = string.Join('/', segments);
        return Encoding.UTF8.GetByteCount(whole) <= MaxPathBytes ? whole : null;
    }

    /// <summary>The same name with a number before its extension, for a folder that has it already.</summary>
    public static string Numbered(string name, int number)
    {
        var extension = ExtensionOf(name);
        var suffix = string.Create(CultureInfo.InvariantCulture, $" ({number}){extension}");
        return string.Concat(Start(name.AsSpan(0, name.Length - extension.Length), MaxBytes - Encoding.UTF8.GetByteCount(suffix)), suffix);
    }

    private static string? CleanSegment(ReadOnlySpan<char> text)
    {
        string before, visible = Normalized.Of(Whole(text), NormalizationForm.FormC);
        // What is taken away may have kept marks apart that compose or change places then, and what may follow them with it.
        do
            (before, visible) = (visible, Normalized.Of(Visible(visible), NormalizationForm.FormC));
        while (visible.Length < before.Length);
        var named = Replaced(Trimmed(visible), out var anything);
        if (!anything)
            return null;
        if (Reserved.Contains(named.Split('.', 2)[0].TrimEnd()))
            named = '_' + named;
        return Cut(named);
    }

    /// <summary>Without halves of characters, which have no normal form.</summary>
    private static string Whole(ReadOnlySpan<char> text)
    {
        var whole = new StringBuilder(text.Length);
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var length) == OperationStatus.Done)
                whole.Append(text[..length]);
            text = text[length..];
        }
        return whole.ToString();
    }

    private static string Visible(string text)
    {
        var clean = new StringBuilder(text.Length);
        Rune before = default;
        var blanks = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!InvisibleCharacters.MayFollow(before, rune))
                continue;
            blanks = InvisibleCharacters.IsBlank(rune) ? blanks + 1 : 0;
            if (blanks > MaxBlanks)
                continue;
            clean.Append(rune);
            before = rune;
        }
        return clean.ToString();
    }

    /// <summary>Windows drops dots and blanks at the end, so what it would open has another name.</summary>
    private static string Trimmed(string text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && IsBlank(text[start]))
            start++;
        while (end > start && (text[end - 1] == '.' || IsBlank(text[end - 1])))
            end--;
        return text[start..end];
    }

    /// <summary>What no system forbids in a name; <paramref name="anything"/> is false when only the replacement is left.</summary>
    private static string Replaced(string text, out bool anything)
    {
        anything = false;
        var clean = text.ToCharArray();
        for (var at = 0; at < clean.Length; at++)
        {
            if (Forbidden.Contains(clean[at]))
                clean[at] = '_';
            else
                anything |= clean[at] != '.' && !IsBlank(clean[at]);
        }
        return new string(clean);
    }

    private static bool IsBlank(char unit) => Rune.TryCreate(unit, out var rune) && InvisibleCharacters.IsBlank(rune);

    private static string Cut(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= MaxBytes)
            return name;
        var extension = ExtensionOf(name);
        var stem = name.AsSpan(0, name.Length - extension.Length);
        var room = MaxBytes - Encoding.UTF8.GetByteCount(extension);
        return Trimmed(string.Concat(Start(stem, room), extension));
    }

    /// <summary>With its dot, and with the .tar before it; empty when there is none or it is too long to be one.</summary>
    private static string ExtensionOf(string name)
    {
        var dot = name.LastIndexOf('.');
        if (dot <= 0)
            return "";
        if (name.AsSpan(0, dot).EndsWith(".tar", StringComparison.OrdinalIgnoreCase) && dot > 4)
            dot -= 4;
        var extension = name[dot..];
        return Encoding.UTF8.GetByteCount(extension) <= MaxExtensionBytes ? extension : "";
    }

    /// <summary>As many whole characters, as people see them, as fit; of one that is too long itself, its beginning.</summary>
    private static ReadOnlySpan<char> Start(ReadOnlySpan<char> text, int bytes)
    {
        var end = 0;
        while (end < text.Length)
        {
            var length = StringInfo.GetNextTextElementLength(text[end..]);
            var size = Encoding.UTF8.GetByteCount(text.Slice(end, length));
            if (size > bytes && end > 0)
                break;
            if (size > bytes)
                return RunesOf(text, bytes);
            bytes -= size;
            end += length;
        }
        return text[..end];
    }

    private static ReadOnlySpan<char> RunesOf(ReadOnlySpan<char> text, int bytes)
    {
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((bytes -= rune.Utf8SequenceLength) < 0)
                break;
            end += rune.Utf16SequenceLength;
        }
        return text[..end];
    }
}
