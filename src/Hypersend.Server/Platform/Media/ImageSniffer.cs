using System.Buffers.Binary;

namespace Hypersend.Server.Platform.Media;

/// <summary>Tells the safe raster formats by their first bytes; formats that carry script (SVG, HTML) are never among them.</summary>
internal static class ImageSniffer
{
    private static readonly ImageType Png = new("image/png", ".png");
    private static readonly ImageType Jpeg = new("image/jpeg", ".jpg");
    private static readonly ImageType Gif = new("image/gif", ".gif");
    private static readonly ImageType WebP = new("image/webp", ".webp");
    private static readonly ImageType Avif = new("image/avif", ".avif");

    public static ImageType? Of(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? Png
        : head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Jpeg
        : head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8) ? Gif
        : head.Length >= 16 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBPVP8"u8) && head[15] is (byte)' ' or (byte)'L' or (byte)'X' ? WebP
        : IsAvif(head) ? Avif
        : null;

    private static bool IsAvif(ReadOnlySpan<byte> head)
    {
        if (head.Length < 16 || !head[4..].StartsWith("ftyp"u8))
            return false;
        var box = head[..(int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(head), (uint)head.Length)];
        // The major brand, a version, then the compatible ones.
        for (var at = 8; at + 4 <= box.Length; at += at == 8 ? 8 : 4)
        {
            var brand = box.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
                return true;
        }
        return false;
    }
}
