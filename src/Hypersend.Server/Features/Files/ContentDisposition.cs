using System.Buffers;
using System.Globalization;
using System.Text;

namespace Hypersend.Server.Features.Files;

/// <summary>The header that names a download (RFC 6266, RFC 8187). Nothing in a name can end the header or begin another.</summary>
internal static class ContentDisposition
{
    private static readonly SearchValues<byte> AsTheyAre =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~"u8);

    public static string Of(string name, bool inline)
    {
        var header = new StringBuilder(inline ? "inline" : "attachment", 64 + name.Length * 4);
        header.Append("; filename=\"");
        // A percent sign too: some clients decode it in the plain form.
        foreach (var rune in name.EnumerateRunes())
            header.Append(rune.Value is >= 0x20 and < 0x7F && rune.Value is not ('"' or '\\' or '%') ? (char)rune.Value : '_');
        header.Append("\"; filename*=UTF-8''");
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in name.EnumerateRunes())
        {
            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                if (AsTheyAre.Contains(value))
                    header.Append((char)value);
                else
                    header.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
            }
        }
        return header.ToString();
    }
}
