using System.Buffers.Binary;
using Hypersend.Server.Platform.Media;

namespace Hypersend.Server.Features.Files;

/// <summary>Tells recorded and packed files by their first bytes.</summary>
internal static partial class MediaSignatures
{
    // Longer ones first where one begins like another.
    private static readonly Signature[] Table =
    [
        new("image/jxl", 0, [0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
        new("image/jp2", 0, [0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
        new("image/tiff", 0, "II*\0"u8),
        new("image/tiff", 0, "MM\0*"u8),
        new("image/vnd.adobe.photoshop", 0, "8BPS"u8, mark: 4),
        new("image/x-icon", 0, [0, 0, 1, 0]),
        new("image/x-xcf", 0, "gimp xcf "u8),
        new("image/vnd.djvu", 0, "AT&TFORM"u8),
        new("audio/flac", 0, "fLaC"u8, mark: 5),
        new("audio/mpeg", 0, "ID3"u8, mark: 3),
        new("audio/midi", 0, "MThd"u8, mark: 4),
        new("audio/amr", 0, "#!AMR"u8),
        new("audio/x-aiff", 0, "FORM"u8, mark: 4),
        new("video/x-flv", 0, "FLV\x01"u8),
        new("video/x-ms-wmv", 0, [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]),
        new("video/mpeg", 0, [0x00, 0x00, 0x01, 0xBA]),
        new("video/mpeg", 0, [0x00, 0x00, 0x01, 0xB3]),
        new("application/gzip", 0, [0x1F, 0x8B, 0x08]),
        new("application/zstd", 0, [0x28, 0xB5, 0x2F, 0xFD]),
        new("application/x-7z-compressed", 0, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
        new("application/vnd.rar", 0, "Rar!\x1A\x07"u8),
        new("application/x-xz", 0, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
        new("application/x-lz4", 0, [0x04, 0x22, 0x4D, 0x18]),
        new("application/x-tar", 257, "ustar"u8),
        new("application/x-elf", 0, [0x7F, (byte)'E', (byte)'L', (byte)'F']),
        new("application/x-mach-binary", 0, [0xCF, 0xFA, 0xED, 0xFE]),
        new("application/x-mach-binary", 0, [0xCE, 0xFA, 0xED, 0xFE]),
        new("application/x-java-class", 0, [0xCA, 0xFE, 0xBA, 0xBE]),
        new("application/x-ms-shortcut", 0, [0x4C, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02, 0x00]),
        new("application/vnd.debian.binary-package", 0, "!<arch>\ndebian"u8),
        new("application/x-rpm", 0, [0xED, 0xAB, 0xEE, 0xDB]),
        new("application/wasm", 0, "\0asm"u8),
        new("application/vnd.sqlite3", 0, "SQLite format 3\0"u8),
        new("application/vnd.ms-cab-compressed", 0, "MSCF"u8, mark: 4),
        new("application/rtf", 0, "{\\rtf"u8),
        new("application/postscript", 0, "%!PS"u8),
        new("application/x-shockwave-flash", 0, "FWS"u8, mark: 3),
        new("application/x-shockwave-flash", 0, "CWS"u8, mark: 3),
        new("application/x-shockwave-flash", 0, "ZWS"u8, mark: 3),
        new("font/woff", 0, "wOFF"u8),
        new("font/woff2", 0, "wOF2"u8),
        new("font/otf", 0, "OTTO"u8, mark: 4),
        new("font/ttf", 0, [0x00, 0x01, 0x00, 0x00, 0x00]),
    ];

    // What is always told by its bytes when it is what it says; MP3, AAC and MPEG may begin anywhere.
    private static readonly HashSet<string> Proved = new(
        Table.Select(signature => signature.Type).Except(["audio/mpeg", "video/mpeg", "application/x-tar", "application/postscript", "image/x-icon"]).Concat(
        [
            "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp", "image/heic", "image/heif",
            "video/mp4", "video/webm", "video/x-matroska", "video/x-msvideo", "video/ogg", "video/3gpp",
            "audio/mp4", "audio/ogg", "audio/webm", "audio/wav", "audio/x-matroska",
            "application/pdf", "application/zip", "application/x-bzip2", "application/vnd.microsoft.portable-executable",
        ]),
        StringComparer.Ordinal);

    /// <summary>True for a type whose bytes would have been known.</summary>
    public static bool Proves(string type) => Proved.Contains(type) || ZipFamily(type) is not null;

    /// <summary>The type by the bytes; null when nothing is known of them. Of a container's many uses the declared one counts, then the name's.</summary>
    public static string? Find(ReadOnlySpan<byte> head, string declared, string extension)
    {
        if (ImageSniffer.Of(head) is { } image)
            return image.Mime;
        if (Container(head, declared, extension) is { } container)
            return container;
        foreach (var signature in Table)
        {
            if (signature.IsAt(head))
                return signature.Type;
        }
        return Weak(head, declared);
    }

    /// <summary>Formats with so short a mark that it needs a second look.</summary>
    private static string? Weak(ReadOnlySpan<byte> head, string declared)
    {
        if (head.StartsWith("BM"u8) && head.Length >= 30 && head[6..10] is [0, 0, 0, 0] && head[26] == 1 && head[27] == 0)
            return "image/bmp";
        if (head.StartsWith("BZh"u8) && head.Length >= 10 && head[3] is >= (byte)'1' and <= (byte)'9' && head[4..10] is [0x31, 0x41, 0x59, 0x26, 0x53, 0x59] or [0x17, 0x72, 0x45, 0x38, 0x50, 0x90])
            return "application/x-bzip2";
        if (head.StartsWith("MZ"u8) && IsDosProgram(head))
            return "application/vnd.microsoft.portable-executable";
        // Readers find the mark of a PDF anywhere in the first kilobyte.
        if (head.StartsWith("%PDF-"u8) || (declared == "application/pdf" && head[..Math.Min(head.Length, 1_024)].IndexOf("%PDF-"u8) > 0))
            return "application/pdf";
        if (head.Length > 376 && head[0] == 0x47 && head[188] == 0x47 && head[376] == 0x47)
            return "video/mp2t";
        return AudioFrame(head);
    }

    private static bool IsDosProgram(ReadOnlySpan<byte> head)
    {
        if (head.Length < 64)
            return false;
        var at = BinaryPrimitives.ReadUInt32LittleEndian(head[60..]);
        return at > head.Length - 4 ? head[..64].Contains((byte)0) : head[(int)at..].StartsWith("PE\0\0"u8) || head[..64].Contains((byte)0);
    }

    /// <summary>The head of an MPEG frame, followed by another where the first one ends.</summary>
    private static string? AudioFrame(ReadOnlySpan<byte> head)
    {
        if (head.Length < 8 || head[0] != 0xFF)
            return null;
        if ((head[1] & 0xF6) == 0xF0)
        {
            var length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5;
            return length > 7 && (length + 1 >= head.Length || (head[length] == 0xFF && (head[length + 1] & 0xF6) == 0xF0)) ? "audio/aac" : null;
        }
        // Eleven ones, a version, layer III (the one there is in the world), a bit rate and a sample rate.
        if ((head[1] & 0xE0) != 0xE0 || (head[1] >> 3 & 3) == 1 || (head[1] >> 1 & 3) != 1 || head[2] >> 4 is 0 or 15 || (head[2] >> 2 & 3) == 3)
            return null;
        // The next frame begins within the longest one.
        for (var at = 24; at + 1 < Math.Min(head.Length, 1_732); at++)
        {
            if (head[at] == 0xFF && (head[at + 1] | 1) == (head[1] | 1))
                return "audio/mpeg";
        }
        return null;
    }

    private readonly record struct Signature(string Type, int Offset, byte[] Bytes, int Mark)
    {
        /// <param name="type">The type it tells.</param>
        /// <param name="offset">Where the bytes lie.</param>
        /// <param name="bytes">The bytes.</param>
        /// <param name="mark">A place where a small number must be, for bytes that could also begin a sentence; 0 for none.</param>
        public Signature(string type, int offset, ReadOnlySpan<byte> bytes, int mark = 0) : this(type, offset, bytes.ToArray(), mark)
        {
        }

        public bool IsAt(ReadOnlySpan<byte> head) =>
            head.Length >= Offset + Bytes.Length && head.Slice(Offset, Bytes.Length).SequenceEqual(Bytes)
            && (Mark == 0 || (head.Length > Mark && head[Mark] < 0x20));
    }
}
