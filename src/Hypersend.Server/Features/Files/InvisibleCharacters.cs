using System.Globalization;
using System.Text;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// Characters that are not seen or that turn others around: a name with them is not what it looks like. Joiners, selectors
/// and tags stay where a script or an emoji needs them.
/// </summary>
internal static class InvisibleCharacters
{
    private const int NonJoiner = 0x200C;
    private const int Joiner = 0x200D;
    private const int EmptyBraille = 0x2800;
    private const int BlackFlag = 0x1F3F4;
    // Below are Latin, Greek, Cyrillic, Armenian and Hebrew, which are written without joiners.
    private const int FirstJoined = 0x0600;

    /// <param name="before">The character that was kept before this one; the default at the beginning.</param>
    /// <param name="rune">The character in question.</param>
    public static bool MayFollow(Rune before, Rune rune) => rune.Value switch
    {
        < 0x20 or (>= 0x7F and < 0xA0) => false,
        < 0x7F => true,
        NonJoiner or Joiner => before.Value >= FirstJoined && !IsHidden(before),
        (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) => (before.Value >= 0x80 || IsKeycap(before.Value)) && !IsHidden(before),
        >= 0xE0020 and <= 0xE007F => before.Value == BlackFlag || before.Value is >= 0xE0020 and < 0xE007F,
        // Fillers and the grapheme joiner are letters and marks by their category, but nobody sees them.
        0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x3164 or 0xFFA0 => false,
        0xFFFC or (>= 0xFDD0 and <= 0xFDEF) => false,
        var value when (value & 0xFFFE) == 0xFFFE => false,
        _ => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator) && (Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format || IsPrinted(rune.Value)),
    };

    /// <summary>Format characters that have a shape: the signs over numbers of Arabic, Syriac, Kaithi and others.</summary>
    private static bool IsPrinted(int value) =>
        value is (>= 0x0600 and <= 0x0605) or 0x06DD or 0x070F or 0x0890 or 0x0891 or 0x08E2 or 0x110BD or 0x110CD or (>= 0x13430 and <= 0x1343F);

    /// <summary>Nothing to see; what would change its look has nothing to change.</summary>
    private static bool IsHidden(Rune rune) => rune.Value is NonJoiner or Joiner or (> 0xE0000 and < 0xE0FFF) || IsBlank(rune);

    public static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value == EmptyBraille;

    private static bool IsKeycap(int value) => value is '#' or (>= '0' and <= '9');
}
