using System.Globalization;
using System.Text;

namespace Hypersend.Server.Platform.Text;

/// <summary>The form in which names are compared and searched; never the form in which they are shown.</summary>
internal static class NameForm
{
    private const int MaxWords = 64;
    private const int MaxWordLength = 64;

    /// <summary>NFKC without invisible joiners, with case folded.</summary>
    public static string Of(string text)
    {
        var clean = Normalized.Of(Clean(text), NormalizationForm.FormKC);
        // What the invariant culture leaves alone: the sharp s, and the dotted capital I of İstanbul.
        // Up and down again folds what one direction leaves apart: the two small sigmas, the long s, the Greek iota subscript.
        var folded = clean.Replace("ß", "ss", StringComparison.Ordinal).Replace("ẞ", "ss", StringComparison.Ordinal)
            .Replace('İ', 'i').ToUpperInvariant().ToLowerInvariant();
        return Normalized.Of(folded, NormalizationForm.FormKC);
    }

    /// <summary>The distinct words of all texts, for search by their beginnings.</summary>
    public static IReadOnlyList<string> Words(params string?[] texts)
    {
        var words = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            if (string.IsNullOrEmpty(text))
                continue;
            var folded = Of(text);
            foreach (var word in Split(folded))
            {
                foreach (var start in Starts(word))
                    Add(word[start..]);
            }
            // anna.smith-1 is also typed as it stands.
            if (LooksLikeUsername(folded))
                Add(folded);
        }
        return words;

        void Add(string word)
        {
            var cut = Cut(word);
            if (words.Count < MaxWords && seen.Add(cut))
                words.Add(cut);
        }
    }

    private static IEnumerable<string> Split(string text)
    {
        var start = -1;
        for (var i = 0; i < text.Length;)
        {
            var length = char.IsSurrogatePair(text, i) ? 2 : 1;
            if (IsWordPart(CharUnicodeInfo.GetUnicodeCategory(text, i)))
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                yield return text[start..i];
                start = -1;
            }
            i += length;
        }
        if (start >= 0)
            yield return text[start..];
    }

    /// <summary>Where a reader may begin to type: the word's first character, and in scripts without spaces every one.</summary>
    private static IEnumerable<int> Starts(string word)
    {
        yield return 0;
        if (!word.EnumerateRunes().Any(rune => IsCjk(rune.Value)))
            yield break;
        for (var i = 1; i < word.Length; i++)
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(word, i);
            if (!char.IsLowSurrogate(word[i]) && !IsMark(category))
                yield return i;
        }
    }

    private static bool IsWordPart(UnicodeCategory category) =>
        category is <= UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber
            or UnicodeCategory.OtherNumber || IsMark(category);

    private static bool IsMark(UnicodeCategory category) =>
        category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsCjk(int rune) =>
        rune is (>= 0x2E80 and <= 0x2FDF) or (>= 0x3005 and <= 0x3007) or (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF)
            or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0x20000 and <= 0x3FFFF);

    private static bool LooksLikeUsername(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static string Cut(string word) =>
        word.Length <= MaxWordLength ? word : word[..(char.IsHighSurrogate(word[MaxWordLength - 1]) ? MaxWordLength - 1 : MaxWordLength)];

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) // a lone surrogate becomes U+FFFD, which Normalize accepts
        {
            // Joiners, soft hyphen and byte order mark are not seen; a name must not differ by them alone.
            if (rune.Value is not ((>= 0x200B and <= 0x200D) or 0x2060 or 0x00AD or 0xFEFF))
                clean.Append(rune);
        }
        return clean.ToString();
    }
}
