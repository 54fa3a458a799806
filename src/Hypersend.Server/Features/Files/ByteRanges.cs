using System.Globalization;

namespace Hypersend.Server.Features.Files;

/// <summary>What a Range header asks for.</summary>
internal enum RangeAnswer
{
    /// <summary>Nothing that is understood, or nothing that is worth the while: send the whole (200).</summary>
    Whole,

    /// <summary>Some parts (206).</summary>
    Parts,

    /// <summary>Nothing that is there (416).</summary>
    Unsatisfiable,
}

/// <summary>Some bytes of a file, both ends included.</summary>
internal readonly record struct ByteRange(long From, long To)
{
    public long Length => To - From + 1;

    /// <summary>For <c>Content-Range</c>; the size is <c>*</c> while it is not known.</summary>
    public string Header(long? size) =>
        size is { } known
            ? string.Create(CultureInfo.InvariantCulture, $"bytes {From}-{To}/{known}")
            : string.Create(CultureInfo.InvariantCulture, $"bytes {From}-{To}/*");
}

/// <summary>
/// Ranges of bytes as RFC 9110 has them, in the order in which they were asked for. An end of
/// <see cref="Open"/> is the end of a file whose size is not known yet.
/// </summary>
internal sealed record ByteRanges(RangeAnswer Answer, IReadOnlyList<ByteRange> Parts)
{
    public const int MaxParts = 8;
    public const long Open = long.MaxValue - 1;

    private static readonly ByteRanges All = new(RangeAnswer.Whole, []);
    private static readonly ByteRanges Nowhere = new(RangeAnswer.Unsatisfiable, []);

    /// <summary>For the <c>Content-Range</c> of a 416.</summary>
    public static string Unsatisfied(long? size) =>
        size is { } known ? string.Create(CultureInfo.InvariantCulture, $"bytes */{known}") : "bytes */*";

    /// <summary>Reads a Range header. What is not well-formed is as if it were absent, as the standard says.</summary>
    /// <param name="header">Null when there is none.</param>
    /// <param name="size">Null when it is not known yet; then a suffix has no place and the whole is sent.</param>
    public static ByteRanges Parse(string? header, long? size)
    {
        var text = header.AsSpan().Trim(" \t");
        var equals = text.IndexOf('=');
        if (equals < 0 || !text[..equals].TrimEnd(" \t").Equals("bytes", StringComparison.OrdinalIgnoreCase))
            return All;
        var parts = new List<ByteRange>();
        var asked = 0;
        foreach (var piece in text[(equals + 1)..].Split(','))
        {
            var one = text[(equals + 1)..][piece].Trim(" \t");
            if (one.IsEmpty)
                continue; // an empty element of a list means nothing
            asked++;
            if (!TryRead(one, size, out var range))
                return All;
            if (range is { } known)
                parts.Add(known);
        }
        if (asked is 0 or > MaxParts)
            return All;
        if (parts.Count == 0)
            return Nowhere;
        // Asking for the same bytes again and again would make a small file a large answer.
        return size is { } whole && parts.Sum(part => (decimal)part.Length) > whole ? Merged(parts) : new ByteRanges(RangeAnswer.Parts, parts);
    }

    /// <summary>False when it is not well-formed; a null range when it begins where nothing is.</summary>
    private static bool TryRead(ReadOnlySpan<char> text, long? size, out ByteRange? range)
    {
        range = null;
        var dash = text.IndexOf('-');
        if (dash < 0)
            return false;
        var first = text[..dash].TrimEnd(" \t");
        var last = text[(dash + 1)..].TrimStart(" \t");
        if (first.IsEmpty)
        {
            // The last so many bytes.
            if (!TryRead(last, out var count) || size is not { } end)
                return false;
            if (count > 0 && end > 0)
                range = new ByteRange(Math.Max(0, end - count), end - 1);
            return true;
        }
        if (!TryRead(first, out var from))
            return false;
        var to = long.MaxValue;
        if (!last.IsEmpty && (!TryRead(last, out to) || to < from))
            return false;
        var edge = size - 1 ?? Open;
        if (from <= edge)
            range = new ByteRange(from, Math.Min(to, edge));
        return true;
    }

    /// <summary>A number of any length: past the end is past the end, however far.</summary>
    private static bool TryRead(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value))
            value = long.MaxValue;
        return true;
    }

    private static ByteRanges Merged(List<ByteRange> parts)
    {
        var merged = new List<ByteRange>();
        foreach (var part in parts.OrderBy(part => part.From))
        {
            if (merged.Count > 0 && part.From <= merged[^1].To + 1)
                merged[^1] = merged[^1] with { To = Math.Max(merged[^1].To, part.To) };
            else
                merged.Add(part);
        }
        return new ByteRanges(RangeAnswer.Parts, merged);
    }
}
