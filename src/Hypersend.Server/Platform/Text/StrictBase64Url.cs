using System.Buffers;
using System.Buffers.Text;

namespace Hypersend.Server.Platform.Text;

/// <summary>Base64url with one spelling per value: no padding, no white space, unused bits zero.</summary>
internal static class StrictBase64Url
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    // The last characters whose unused low four (two) bits are zero, by the length of the last group.
    private static readonly SearchValues<char> LastOfTwo = SearchValues.Create("AQgw");
    private static readonly SearchValues<char> LastOfThree = SearchValues.Create("AEIMQUYcgkosw048");

    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public static int DecodedLength(int characters) => characters / 4 * 3 + (characters % 4) switch { 2 => 1, 3 => 2, _ => 0 };

    /// <summary>Decodes into <paramref name="destination"/>, which must hold <see cref="DecodedLength"/> bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        written = 0;
        // The framework's decoder forgives white space, padding and stray bits, so the spelling is checked here.
        var canonical = (text.Length % 4) switch
        {
            0 => true,
            2 => LastOfTwo.Contains(text[^1]),
            3 => LastOfThree.Contains(text[^1]),
            _ => false,
        };
        return canonical && !text.ContainsAnyExcept(Alphabet)
            && Base64Url.DecodeFromChars(text, destination, out _, out written) == OperationStatus.Done;
    }
}
