namespace Hypersend.Server.Platform.Text;

/// <summary>What no text field may hold; everything else comes back byte for byte.</summary>
internal static class TextRules
{
    public static bool HasNul(string text) => text.Contains('\0', StringComparison.Ordinal);

    public static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return true;
            i++;
        }
        return false;
    }

    public static bool IsBlank(string? text) => string.IsNullOrWhiteSpace(text);
}
