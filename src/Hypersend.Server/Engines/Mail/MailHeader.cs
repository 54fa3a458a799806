using System.Net.Mail;
using System.Text;

namespace Hypersend.Server.Engines.Mail;

/// <summary>What may stand in the head of a letter: one line, one recipient, whatever a name or a brand was set to.</summary>
internal static class MailHeader
{
    // An encoded word has at most 75 characters (RFC 2047), "=?utf-8?B??=" among them: 45 bytes are 60 of base64.
    private const int BytesPerWord = 45;

    /// <summary>The one person the letter is for. A list, a display name or a line break is refused: it could reach somebody else.</summary>
    public static MailAddress Recipient(string address) =>
        !address.Any(char.IsControl) && MailAddress.TryCreate(address, out var one) && one.Address == address
            ? one
            : throw new FormatException("A letter goes to one plain address.");

    /// <summary>Line breaks and other controls become spaces.</summary>
    public static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    /// <summary>The line in ASCII, as encoded words where it has anything else, or text that would be read as one.</summary>
    public static string Encoded(string text)
    {
        var line = Line(text);
        if (Ascii.IsValid(line) && !line.Contains("=?", StringComparison.Ordinal))
            return line;

        var words = new List<string>();
        var word = new List<byte>();
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in line.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(bytes);
            if (word.Count + length > BytesPerWord)
                Close();
            word.AddRange(bytes[..length]);
        }

        Close();
        return string.Join("\r\n ", words);

        void Close()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. word])}?=");
            word.Clear();
        }
    }
}
