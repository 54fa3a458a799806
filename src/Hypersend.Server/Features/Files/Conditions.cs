using System.Globalization;

namespace Hypersend.Server.Features.Files;

/// <summary>What the conditions of a request come to.</summary>
internal enum ConditionAnswer
{
    /// <summary>Answer as if there were none.</summary>
    Proceed,

    /// <summary>304: the client has it.</summary>
    NotModified,

    /// <summary>412: the client meant something else.</summary>
    Failed,
}

/// <summary>Conditional requests as RFC 9110 evaluates them, for a representation with a strong ETag.</summary>
internal static class Conditions
{
    /// <summary>The header of an ETag that may hold any hexadecimal text or id.</summary>
    public static string Tag(string value) => $"\"{value}\"";

    /// <summary>If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since of a GET or HEAD, in their order.</summary>
    /// <param name="asked">The headers, null where absent.</param>
    /// <param name="etag">The current one, with its quotes.</param>
    /// <param name="modified">Null when it is not told to anybody.</param>
    public static ConditionAnswer Evaluate(in ConditionHeaders asked, string etag, DateTimeOffset? modified)
    {
        if (asked.IfMatch is { } match)
        {
            if (!Lists(match, etag, weak: false))
                return ConditionAnswer.Failed;
        }
        else if (modified is { } changed && TryDate(asked.IfUnmodifiedSince, out var limit) && Seconds(changed) > Seconds(limit))
        {
            return ConditionAnswer.Failed;
        }
        if (asked.IfNoneMatch is { } noneMatch)
            return Lists(noneMatch, etag, weak: true) ? ConditionAnswer.NotModified : ConditionAnswer.Proceed;
        return modified is { } last && TryDate(asked.IfModifiedSince, out var since) && Seconds(last) <= Seconds(since)
            ? ConditionAnswer.NotModified
            : ConditionAnswer.Proceed;
    }

    /// <summary>True when a Range may be honoured: no If-Range, or one that names exactly what is here.</summary>
    public static bool RangeHolds(string? ifRange, string etag, DateTimeOffset? modified)
    {
        if (ifRange is null)
            return true;
        var text = ifRange.AsSpan().Trim(" \t");
        // A weak tag never holds: equal enough to show is not equal in every byte.
        if (text.StartsWith("\"") || text.StartsWith("W/"))
            return text.SequenceEqual(etag) && !etag.StartsWith("W/", StringComparison.Ordinal);
        return modified is { } last && TryDate(ifRange, out var date) && Seconds(last) == Seconds(date);
    }

    /// <summary>True when a list of tags has this one, or is <c>*</c>. A list that is not well-formed counts as far as it is.</summary>
    private static bool Lists(string header, string etag, bool weak)
    {
        var text = header.AsSpan().Trim(" \t");
        if (text is "*")
            return true;
        var wanted = Opaque(etag, out var wantedWeak);
        if (wantedWeak && !weak)
            return false;
        while (!text.IsEmpty)
        {
            text = text.TrimStart(" \t,");
            var isWeak = text.StartsWith("W/");
            if (isWeak)
                text = text[2..];
            if (!text.StartsWith("\""))
                return false;
            var end = text[1..].IndexOf('"');
            if (end < 0)
                return false;
            if ((weak || !isWeak) && text[..(end + 2)].SequenceEqual(wanted))
                return true;
            text = text[(end + 2)..];
        }
        return false;
    }

    private static ReadOnlySpan<char> Opaque(string etag, out bool weak)
    {
        weak = etag.StartsWith("W/", StringComparison.Ordinal);
        return weak ? etag.AsSpan(2) : etag;
    }

    // The three forms that a recipient must read.
    private static readonly string[] Dates = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    private static bool TryDate(string? text, out DateTimeOffset date) =>
        DateTimeOffset.TryParseExact(
            text,
            Dates,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces,
            out date);

    /// <summary>The headers know no parts of a second.</summary>
    private static long Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds();
}

/// <summary>The conditions of a request, as they came.</summary>
internal readonly record struct ConditionHeaders(string? IfMatch, string? IfUnmodifiedSince, string? IfNoneMatch, string? IfModifiedSince);
