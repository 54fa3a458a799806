using System.Buffers;
using System.Text;

namespace Hypersend.Server.Features.Files;

/// <summary>Tells written files by their first bytes, and among them those that a browser would run.</summary>
internal static class TextSniffer
{
    // What no text has (the binary bytes of the WHATWG's MIME sniffing).
    private static readonly SearchValues<byte> Binary = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 0x0B, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x1C, 0x1D, 0x1E, 0x1F]);

    // The elements by which browsers take bytes for a page.
    private static readonly string[] Pages =
    [
        "<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a", "<style", "<title", "<b", "<br", "<p",
        "<img", "<meta", "<link", "<form", "<input", "<object", "<embed", "<base", "<frameset", "<video", "<audio", "<details", "<template", "<math",
    ];

    private static readonly Dictionary<string, string> Extensions = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html",
        [".htm"] = "text/html",
        [".shtml"] = "text/html",
        [".xhtml"] = "application/xhtml+xml",
        [".svg"] = "image/svg+xml",
        [".js"] = "text/javascript",
        [".mjs"] = "text/javascript",
        [".cjs"] = "text/javascript",
        [".xml"] = "application/xml",
        [".xsl"] = "application/xml",
        [".xslt"] = "application/xml",
        [".css"] = "text/css",
        [".csv"] = "text/csv",
        [".md"] = "text/markdown",
        [".json"] = "application/json",
        [".yaml"] = "application/yaml",
        [".yml"] = "application/yaml",
        [".toml"] = "application/toml",
        [".ics"] = "text/calendar",
        [".vcf"] = "text/vcard",
        [".vtt"] = "text/vtt",
        [".srt"] = "application/x-subrip",
        [".sql"] = "application/sql",
        [".tsv"] = "text/tab-separated-values",
        [".eml"] = "message/rfc822",
        [".mht"] = "multipart/related",
        [".mhtml"] = "multipart/related",
        [".sh"] = "application/x-sh",
        [".ndjson"] = "application/x-ndjson",
        [".jsonl"] = "application/jsonl",
        [".tex"] = "application/x-tex",
        [".txt"] = MediaTypes.Text,
        [".log"] = MediaTypes.Text,
    };

    public static string? ByExtension(string extension) => Extensions.GetValueOrDefault(extension);

    /// <summary>Null when the bytes are no text.</summary>
    public static string? Find(ReadOnlySpan<byte> head, string declared, string extension)
    {
        var wide = WideText(head);
        // A page needs no clean bytes: browsers read past what is not text.
        if (Markup(wide ?? Encoding.Latin1.GetString(head), declared) is { } markup)
            return markup;
        if (wide is null && head.ContainsAny(Binary))
            return null;
        var named = ByExtension(extension);
        if (named is not null && MediaTypes.IsDangerous(named) && MediaTypes.IsSafeInline(Fitting(declared)))
            return named;
        if (Fits(declared))
            return declared;
        return named ?? (wide is not null || IsUtf8(head) ? MediaTypes.Text : null);
    }

    /// <summary>Recorded things are not written, except for a few lists of them.</summary>
    private static bool Fits(string declared)
    {
        if (declared == MediaTypes.Unknown || MediaSignatures.Proves(declared))
            return false;
        if (MediaTypes.IsText(declared))
            return true;
        return !(declared.StartsWith("image/", StringComparison.Ordinal) || declared.StartsWith("video/", StringComparison.Ordinal)
            || (declared.StartsWith("audio/", StringComparison.Ordinal) && !declared.EndsWith("mpegurl", StringComparison.Ordinal)));
    }

    /// <summary>What a declared type comes to for text: itself, or plain text where it does not fit.</summary>
    private static string Fitting(string declared) => Fits(declared) ? declared : MediaTypes.Text;

    private static string? Markup(string text, string declared)
    {
        var start = text.AsSpan().TrimStart("\u00EF\u00BB\u00BF\uFEFF \t\r\n\f\0");
        if (start.IsEmpty || start[0] != '<')
            return null;
        var afterComments = WithoutComments(start);
        var type =
            Has(start, "<svg") || Has(start, "http://www.w3.org/2000/svg") ? IsPage(afterComments) ? "text/html" : "image/svg+xml"
            : Has(start, "http://www.w3.org/1999/xhtml") && start.StartsWith("<?xml") ? "application/xhtml+xml"
            : IsPage(afterComments) || start.StartsWith("<!--") ? "text/html"
            : start.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) || afterComments.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase) ? "application/xml"
            : null;
        return type is not null && IsSaidBetter(declared, type) ? declared : type;
    }

    /// <summary>A kind of XML that is more exact, or text that is never shown in place, such as Markdown that begins with a tag.</summary>
    private static bool IsSaidBetter(string declared, string type) =>
        MediaTypes.IsDangerous(declared) ? type == "application/xml" : MediaTypes.IsText(declared) && !MediaTypes.IsSafeInline(declared);

    private static bool Has(ReadOnlySpan<char> text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> WithoutComments(ReadOnlySpan<char> text)
    {
        while (text.StartsWith("<!--") || text.StartsWith("<?"))
        {
            var end = text.StartsWith("<!--") ? text.IndexOf("-->") is >= 0 and var comment ? comment + 3 : -1 : text.IndexOf('>') + 1;
            if (end <= 0)
                break;
            text = text[end..].TrimStart(" \t\r\n\f\0");
        }
        return text;
    }

    private static bool IsPage(ReadOnlySpan<char> text)
    {
        foreach (var page in Pages)
        {
            // A name ends where another character than a letter or digit follows: <b is not <blob.
            if (text.StartsWith(page, StringComparison.OrdinalIgnoreCase) && (text.Length == page.Length || text[page.Length] is ' ' or '>' or '/' or '\t' or '\r' or '\n' or '\f'))
                return true;
        }
        return false;
    }

    /// <summary>Text in UTF-16 with its mark at the start; null when there is none.</summary>
    private static string? WideText(ReadOnlySpan<byte> head) =>
        head.Length < 4 ? null
        : head is [0xFF, 0xFE, ..] && head[2..4] is not [0, 0] ? Encoding.Unicode.GetString(head[2..])
        : head is [0xFE, 0xFF, ..] ? Encoding.BigEndianUnicode.GetString(head[2..])
        : null;

    /// <summary>A character may be cut off where the head ends.</summary>
    private static bool IsUtf8(ReadOnlySpan<byte> head)
    {
        while (!head.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(head, out _, out var length);
            if (status == OperationStatus.NeedMoreData)
                return true;
            if (status != OperationStatus.Done)
                return false;
            head = head[length..];
        }
        return true;
    }
}
