using System.Buffers;
using System.Globalization;
using System.Text;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Search;

/// <summary>The form in which words are compared: without case, accents, vocalization, and the ways of writing one letter.</summary>
internal static class WordForm
{
    private const int LeastStem = 2;

    // The article is part of the name: what is left without it is "to him".
    private const string God = "الله";

    // The article, also behind "and", "with", "like", "so"; and "for the", which swallows its first letter.
    private static readonly string[] Articles = ["وال", "بال", "كال", "فال", "ال", "لل"];

    private static readonly SearchValues<char> OtherLetters = SearchValues.Create("\u0679\u067E\u0686\u0688\u0691\u0698\u06A9\u06AF\u06BA\u06BE\u06C1\u06C3\u06CC\u06D2");

    public static string Of(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var folded = NameForm.Of(text);
        if (Ascii.IsValid(folded))
            return folded;
        var form = new StringBuilder(folded.Length);
        foreach (var rune in Normalized.Of(folded, NormalizationForm.FormD).EnumerateRunes())
        {
            if (!IsDropped(rune.Value))
                Append(form, rune);
        }

        return Normalized.Of(form.ToString(), NormalizationForm.FormC);
    }

    /// <summary>An Arabic word without its article; null when it has none.</summary>
    public static string? WithoutArticle(string word)
    {
        if (word.Length < LeastStem + 2 || word[0] is < '\u0600' or > '\u06FF' || word.EndsWith(God, StringComparison.Ordinal))
            return null;
        foreach (var article in Articles)
        {
            if (word.Length >= article.Length + LeastStem && word.StartsWith(article, StringComparison.Ordinal))
                return word[article.Length..];
        }

        return null;
    }

    /// <summary>Whether a text in Arabic script is not Arabic: it has letters that only Urdu, Persian and their neighbours write.</summary>
    public static bool IsOtherThanArabic(ReadOnlySpan<char> text) => text.IndexOfAny(OtherLetters) >= 0;

    // What people leave away as they type: accents of Latin, Greek and Cyrillic letters, Arabic and Hebrew vowels, the dot
    // that Hindi and Punjabi put under a borrowed letter. All other marks are part of the word.
    private static bool IsDropped(int rune) =>
        rune is (>= 0x0300 and <= 0x036F) or (>= 0x0591 and <= 0x05C7) or 0x0640 or (>= 0x064B and <= 0x065F) or 0x0670
            or (>= 0x06D6 and <= 0x06ED) or 0x093C or 0x0A3C or (>= 0xFE00 and <= 0xFE0F) or (>= 0x1F3FB and <= 0x1F3FF);

    private static void Append(StringBuilder form, Rune rune)
    {
        switch (rune.Value)
        {
            case 'œ':
                form.Append("oe");
                return;
            case 'æ':
                form.Append("ae");
                return;
            case 'ø':
                form.Append('o');
                return;
            case 'ł':
                form.Append('l');
                return;
            case 'ı':
                form.Append('i');
                return;
        }

        if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
            form.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
        else if (Same(rune.Value) is var letter and not '\0')
            form.Append(letter);
        else
            form.Append(rune);
    }

    // One letter, written as Arabic, Persian and Urdu keyboards have it.
    private static char Same(int rune) => rune switch
    {
        0x0671 => '\u0627',
        0x0649 or 0x06CC or 0x06D0 => '\u064A',
        0x06A9 or 0x06AA => '\u0643',
        0x0629 or 0x06C1 or 0x06C3 or 0x06D5 => '\u0647',
        _ => '\0',
    };
}
