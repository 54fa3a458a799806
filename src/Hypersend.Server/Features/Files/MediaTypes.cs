using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Hypersend.Contracts.Messages;

namespace Hypersend.Server.Features.Files;

/// <summary>What a file is and what may be done with it. Types are lower-case, without parameters.</summary>
internal static class MediaTypes
{
    public const string Unknown = "application/octet-stream";
    public const string Text = "text/plain";

    private const int MaxLength = 127;

    // token of RFC 9110
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["image/jpg"] = "image/jpeg",
        ["image/pjpeg"] = "image/jpeg",
        ["image/x-png"] = "image/png",
        ["image/x-ms-bmp"] = "image/bmp",
        ["image/x-bmp"] = "image/bmp",
        ["image/svg"] = "image/svg+xml",
        ["image/vnd.microsoft.icon"] = "image/x-icon",
        ["image/ico"] = "image/x-icon",
        ["audio/mp3"] = "audio/mpeg",
        ["audio/x-mp3"] = "audio/mpeg",
        ["audio/x-mpeg"] = "audio/mpeg",
        ["audio/x-wav"] = "audio/wav",
        ["audio/wave"] = "audio/wav",
        ["audio/vnd.wave"] = "audio/wav",
        ["audio/m4a"] = "audio/mp4",
        ["audio/x-m4a"] = "audio/mp4",
        ["audio/x-flac"] = "audio/flac",
        ["audio/x-aac"] = "audio/aac",
        ["audio/opus"] = "audio/ogg",
        ["video/x-m4v"] = "video/mp4",
        ["video/avi"] = "video/x-msvideo",
        ["video/msvideo"] = "video/x-msvideo",
        ["video/mkv"] = "video/x-matroska",
        ["application/x-zip-compressed"] = "application/zip",
        ["application/x-zip"] = "application/zip",
        ["application/x-gzip"] = "application/gzip",
        ["application/x-pdf"] = "application/pdf",
        ["application/x-rar-compressed"] = "application/vnd.rar",
        ["application/x-rar"] = "application/vnd.rar",
        ["application/x-javascript"] = "text/javascript",
        ["application/javascript"] = "text/javascript",
        ["application/ecmascript"] = "text/javascript",
        ["text/ecmascript"] = "text/javascript",
        ["text/x-javascript"] = "text/javascript",
        ["text/jscript"] = "text/javascript",
        ["text/xml"] = "application/xml",
        ["text/json"] = "application/json",
        ["application/x-font-woff"] = "font/woff",
    };

    private static readonly HashSet<string> SafeInline = new(StringComparer.Ordinal)
    {
        "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif",
        "video/mp4", "video/webm", "video/ogg",
        "audio/mpeg", "audio/mp4", "audio/ogg", "audio/webm", "audio/wav", "audio/flac", "audio/aac",
        Text,
    };

    // Written, though the name of the type does not say so.
    private static readonly HashSet<string> Written = new(StringComparer.Ordinal)
    {
        "application/json", "application/xml", "application/sql", "application/x-ndjson", "application/jsonl", "application/yaml", "application/x-yaml",
        "application/toml", "application/rtf", "application/x-tex", "application/x-latex", "application/x-sh", "application/x-httpd-php", "application/x-subrip",
        "application/graphql", "application/ld+json", "application/xhtml+xml", "application/x-perl", "application/x-python", "application/postscript",
    };

    // Recorded, and yet not packed.
    private static readonly HashSet<string> Loose = new(StringComparer.Ordinal)
    {
        "application/wasm", "application/x-tar", "image/bmp", "font/ttf", "font/otf",
    };

    /// <summary>The declared type in its usual spelling, without parameters; the unknown type when it is none.</summary>
    public static string Normalize(string? declared)
    {
        var text = declared.AsSpan();
        if (text.IndexOf(';') is >= 0 and var end)
            text = text[..end];
        text = text.Trim(" \t");
        var slash = text.IndexOf('/');
        if (slash <= 0 || slash == text.Length - 1 || text.Length > MaxLength
            || text[..slash].ContainsAnyExcept(Token) || text[(slash + 1)..].ContainsAnyExcept(Token) || text.Contains('*'))
            return Unknown;
        var type = Lower(text);
        return Aliases.GetValueOrDefault(type, type);
    }

    /// <summary>
    /// The type of a file by its first bytes (up to 4 KiB). What was declared stays while the bytes do not contradict it;
    /// what a browser would run is told by its own name, whatever it was declared to be.
    /// </summary>
    public static string Sniff(ReadOnlySpan<byte> head, string? declared, string filename)
    {
        var type = Normalize(declared);
        var extension = Lower(Path.GetExtension(filename.AsSpan()));
        if (head.IsEmpty)
            return type == Unknown ? TextSniffer.ByExtension(extension) ?? Unknown : type;
        return MediaSignatures.Find(head, type, extension)
            ?? TextSniffer.Find(head, type, extension)
            ?? (MediaSignatures.Proves(type) || IsText(type) ? Unknown : type);
    }

    /// <summary>True for types that do nothing but show themselves. Anything else is saved, never opened in place.</summary>
    public static bool IsSafeInline(string type) => SafeInline.Contains(type);

    /// <summary>The Content-Type of a download; text always says how it is written.</summary>
    public static string Header(string type) => type == Text ? "text/plain; charset=utf-8" : type;

    /// <summary>The type of the message that a file makes.</summary>
    /// <param name="type">The file's type.</param>
    /// <param name="voice">True for what somebody spoke just now.</param>
    public static string KindOf(string type, bool voice) =>
        type.StartsWith("image/", StringComparison.Ordinal) && !IsDangerous(type) ? MessageTypes.Image
        : type.StartsWith("video/", StringComparison.Ordinal) ? MessageTypes.Video
        : !type.StartsWith("audio/", StringComparison.Ordinal) ? MessageTypes.Document
        : voice ? MessageTypes.Voice
        : MessageTypes.Audio;

    /// <summary>True for what usually gets much smaller.</summary>
    public static bool IsCompressible(string type) => IsText(type) || Loose.Contains(type);

    /// <summary>True when a type is on a list such as <c>image/*, application/pdf</c>; an empty list has everything.</summary>
    public static bool IsAllowed(string type, IReadOnlyCollection<string> patterns) =>
        patterns.Count == 0 || patterns.Any(pattern => Matches(type, pattern));

    /// <summary>True for a pattern that a list may have: a type, <c>image/*</c> or <c>*/*</c>.</summary>
    public static bool IsPattern([NotNullWhen(true)] string? pattern) =>
        pattern is "*/*" or "*" || (pattern is not null && Normalize(pattern.EndsWith("/*", StringComparison.Ordinal) ? pattern[..^1] + 'x' : pattern) != Unknown)
        || string.Equals(pattern, Unknown, StringComparison.OrdinalIgnoreCase);

    /// <summary>Types that are written, not recorded.</summary>
    internal static bool IsText(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) || IsDangerous(type)
        || type.EndsWith("+json", StringComparison.Ordinal) || Written.Contains(type);

    /// <summary>Types that a browser would run or that pull in what it would run.</summary>
    internal static bool IsDangerous(string type) =>
        type is "text/html" or "text/javascript" or "application/xml" or "application/xhtml+xml" or "image/svg+xml" or "text/xsl" or "multipart/related" or "message/rfc822"
        || type.EndsWith("+xml", StringComparison.Ordinal) || type.EndsWith("/xml", StringComparison.Ordinal);

    private static bool Matches(string type, string pattern) =>
        pattern is "*/*" or "*"
        || (pattern.EndsWith("/*", StringComparison.Ordinal)
            ? type.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
            : string.Equals(type, Normalize(pattern), StringComparison.Ordinal));

    private static string Lower(ReadOnlySpan<char> text)
    {
        Span<char> lower = stackalloc char[256];
        return text.Length <= lower.Length ? lower[..text.ToLowerInvariant(lower)].ToString() : "";
    }
}
