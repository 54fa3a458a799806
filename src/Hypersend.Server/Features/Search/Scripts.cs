using System.Globalization;
using System.Text;

namespace Hypersend.Server.Features.Search;

/// <summary>What a character is to the search.</summary>
internal enum CharacterKind
{
    /// <summary>Between words.</summary>
    Gap,

    /// <summary>Part of a word that ends where a gap begins.</summary>
    Letter,

    /// <summary>Of a script that writes no gaps between words: every character may begin one.</summary>
    Unit,

    /// <summary>A word by itself: an emoji, a dingbat.</summary>
    Sign,

    /// <summary>Belongs to the character before it, whatever that is.</summary>
    Mark,
}

/// <summary>Which script writes how.</summary>
internal static class Scripts
{
    public static CharacterKind KindOf(Rune rune)
    {
        if (rune.IsAscii)
            return char.IsAsciiLetterOrDigit((char)rune.Value) ? CharacterKind.Letter : CharacterKind.Gap;

        // What stands for something that could not be read says nothing.
        if (rune == Rune.ReplacementChar)
            return CharacterKind.Gap;

        // The voicing of narrow katakana is a sign of its own, and becomes part of the one before it.
        if (rune.Value is 0xFF9E or 0xFF9F)
            return CharacterKind.Mark;

        // Joiners, the soft hyphen and variation selectors are not seen, and part nothing.
        if (rune.Value is (>= 0x200B and <= 0x200D) or 0x2060 or 0x00AD or 0xFEFF or (>= 0xFE00 and <= 0xFE0F))
            return CharacterKind.Mark;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharacterKind.Mark,
            UnicodeCategory.ModifierSymbol when rune.Value is >= 0x1F3FB and <= 0x1F3FF => CharacterKind.Mark,
            UnicodeCategory.OtherSymbol => IsLetterLike(rune.Value) ? CharacterKind.Letter : CharacterKind.Sign,
            <= UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber =>
                HasNoGaps(rune.Value) ? CharacterKind.Unit : CharacterKind.Letter,
            _ => CharacterKind.Gap,
        };
    }

    // Chinese, Japanese, Korean; Thai, Lao, Burmese, Khmer.
    private static bool HasNoGaps(int rune) =>
        rune is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF)
            or (>= 0x2E80 and <= 0x2FDF) or (>= 0x3005 and <= 0x3007) or (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF)
            or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFF66 and <= 0xFF9F) or (>= 0x20000 and <= 0x3FFFF);

    // ™, ℃, ㎏: signs that are words when they are written out.
    private static bool IsLetterLike(int rune) => rune is (>= 0x2100 and <= 0x214F) or (>= 0x3200 and <= 0x33FF);
}
