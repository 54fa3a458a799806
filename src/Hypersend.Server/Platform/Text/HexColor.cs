using System.Buffers;

namespace Hypersend.Server.Platform.Text;

/// <summary>Colours as #rrggbb.</summary>
internal static class HexColor
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdefABCDEF");

    public static bool Is(string text) => text.Length == 7 && text[0] == '#' && !text.AsSpan(1).ContainsAnyExcept(Digits);
}
