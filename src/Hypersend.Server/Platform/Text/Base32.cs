namespace Hypersend.Server.Platform.Text;

/// <summary>Five bits a character, in the two alphabets people type from.</summary>
internal static class Base32
{
    /// <summary>RFC 4648, which authenticator apps read.</summary>
    public const string Standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Crockford's: no I, L, O and U.</summary>
    public const string Crockford = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string Encode(ReadOnlySpan<byte> bytes, string alphabet)
    {
        var text = new char[(bytes.Length * 8 + 4) / 5];
        int bits = 0, held = 0, at = 0;
        foreach (var value in bytes)
        {
            held = (held << 8) | value;
            bits += 8;
            while (bits >= 5)
                text[at++] = alphabet[(held >> (bits -= 5)) & 31];
            held &= (1 << bits) - 1;
        }
        if (bits > 0)
            text[at] = alphabet[(held << (5 - bits)) & 31];
        return new string(text);
    }

    /// <summary>Null when a character is not of the alphabet; left-over bits are dropped.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text, string alphabet)
    {
        var bytes = new byte[text.Length * 5 / 8];
        int bits = 0, held = 0, at = 0;
        foreach (var letter in text)
        {
            var value = alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (value < 0)
                return null;
            held = (held << 5) | value;
            bits += 5;
            if (bits >= 8)
                bytes[at++] = (byte)(held >> (bits -= 8));
            held &= (1 << bits) - 1;
        }
        return bytes;
    }
}
