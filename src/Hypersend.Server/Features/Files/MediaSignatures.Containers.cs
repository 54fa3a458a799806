using System.Buffers.Binary;

namespace Hypersend.Server.Features.Files;

/// <summary>Containers: one set of first bytes for many types.</summary>
internal static partial class MediaSignatures
{
    private const string Zip = "application/zip";

    private static readonly Dictionary<string, string> ZipExtensions = new(StringComparer.Ordinal)
    {
        [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        [".docm"] = "application/vnd.ms-word.document.macroenabled.12",
        [".xlsm"] = "application/vnd.ms-excel.sheet.macroenabled.12",
        [".pptm"] = "application/vnd.ms-powerpoint.presentation.macroenabled.12",
        [".odt"] = "application/vnd.oasis.opendocument.text",
        [".ods"] = "application/vnd.oasis.opendocument.spreadsheet",
        [".odp"] = "application/vnd.oasis.opendocument.presentation",
        [".odg"] = "application/vnd.oasis.opendocument.graphics",
        [".epub"] = "application/epub+zip",
        [".jar"] = "application/java-archive",
        [".apk"] = "application/vnd.android.package-archive",
        [".cbz"] = "application/vnd.comicbook+zip",
        [".kmz"] = "application/vnd.google-earth.kmz",
        [".3mf"] = "model/3mf",
    };

    private static readonly Dictionary<string, string> CompoundExtensions = new(StringComparer.Ordinal)
    {
        [".doc"] = "application/msword",
        [".xls"] = "application/vnd.ms-excel",
        [".ppt"] = "application/vnd.ms-powerpoint",
        [".msg"] = "application/vnd.ms-outlook",
        [".msi"] = "application/x-msi",
        [".vsd"] = "application/vnd.visio",
    };

    private static string? Container(ReadOnlySpan<byte> head, string declared, string extension)
    {
        if (head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8))
            return ZipFamily(declared) ?? ZipExtensions.GetValueOrDefault(extension, Zip);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]))
            return CompoundExtensions.ContainsValue(declared) ? declared : CompoundExtensions.GetValueOrDefault(extension, "application/x-ole-storage");
        if (head.StartsWith("RIFF"u8) && head.Length >= 12)
            return head[8..].StartsWith("WAVE"u8) ? "audio/wav" : head[8..].StartsWith("AVI "u8) ? "video/x-msvideo" : null;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
            return Matroska(head, declared, extension);
        if (head.StartsWith("OggS\0"u8))
            return Ogg(head, declared);
        if (head.Length >= 12 && head[4..].StartsWith("ftyp"u8))
            return Mp4(head, declared, extension);
        // The first QuickTime films have no brand, only their first box.
        var film = head.Length >= 8 && (head[4..8].SequenceEqual("moov"u8) || head[4..8].SequenceEqual("mdat"u8) || head[4..8].SequenceEqual("wide"u8));
        return film && (declared is "video/quicktime" or "video/mp4" || extension is ".mov" or ".qt" or ".mp4") ? "video/quicktime" : null;
    }

    /// <summary>The declared type when such a file is a ZIP inside.</summary>
    private static string? ZipFamily(string declared) =>
        declared != Zip && (ZipExtensions.ContainsValue(declared) || declared.EndsWith("+zip", StringComparison.Ordinal)
            || declared.StartsWith("application/vnd.openxmlformats-", StringComparison.Ordinal)
            || declared.StartsWith("application/vnd.oasis.opendocument.", StringComparison.Ordinal)
            || (declared.StartsWith("application/vnd.ms-", StringComparison.Ordinal) && declared.EndsWith(".12", StringComparison.Ordinal)))
            ? declared
            : null;

    private static string Matroska(ReadOnlySpan<byte> head, string declared, string extension)
    {
        // DocType is element 42 82 of the first header.
        var at = head[..Math.Min(head.Length, 128)].IndexOf((ReadOnlySpan<byte>)[0x42, 0x82]);
        var web = at >= 0 && head[at..].Length > 7 && head[(at + 3)..].StartsWith("webm"u8);
        var audio = declared.StartsWith("audio/", StringComparison.Ordinal) || extension is ".weba" or ".mka";
        return (web, audio) switch
        {
            (true, true) => "audio/webm",
            (true, false) => "video/webm",
            (false, true) => "audio/x-matroska",
            _ => "video/x-matroska",
        };
    }

    private static string Ogg(ReadOnlySpan<byte> head, string declared)
    {
        // The first packet follows the table of its segments and names its codec.
        var packet = head.Length > 27 && head.Length > 27 + head[26] ? head[(27 + head[26])..] : default;
        if (packet.Length >= 7 && packet[0] == 0x80 && packet[1..].StartsWith("theora"u8))
            return "video/ogg";
        if (packet.StartsWith("\x01vorbis"u8) || packet.StartsWith("OpusHead"u8) || packet.StartsWith("Speex   "u8) || packet.StartsWith("\x7F\u0046LAC"u8))
            return "audio/ogg";
        return declared.StartsWith("audio/", StringComparison.Ordinal) ? "audio/ogg" : declared.StartsWith("video/", StringComparison.Ordinal) ? "video/ogg" : "application/ogg";
    }

    private static string Mp4(ReadOnlySpan<byte> head, string declared, string extension)
    {
        var brand = BinaryPrimitives.ReadUInt32BigEndian(head[8..]);
        return brand switch
        {
            0x71742020 => "video/quicktime", // "qt  "
            0x4D344120 or 0x4D344220 or 0x4D345020 => "audio/mp4", // "M4A ", "M4B ", "M4P "
            0x68656963 or 0x68656978 or 0x68657663 or 0x68657678 => "image/heic", // "heic", "heix", "hevc", "hevx"
            0x6D696631 or 0x6D736631 => "image/heif", // "mif1", "msf1"
            0x63727820 => "image/x-canon-cr3", // "crx "
            _ when brand >> 8 is 0x336770 => declared is "audio/mp4" or "audio/3gpp" ? declared : "video/3gpp", // "3gp"
            _ => declared == "audio/mp4" || extension is ".m4a" or ".m4b" ? "audio/mp4" : "video/mp4",
        };
    }
}
