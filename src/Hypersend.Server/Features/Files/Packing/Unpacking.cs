using Microsoft.Net.Http.Headers;

namespace Hypersend.Server.Features.Files.Packing;

/// <summary>Whether a request is better answered with the packed form: a pure decision over its headers.</summary>
internal static class Unpacking
{
    /// <param name="asked">The request's headers.</param>
    /// <param name="plain">The tag of the file as it is.</param>
    /// <param name="packed">The tag of its packed form.</param>
    public static bool IsWanted(IHeaderDictionary asked, string plain, string packed)
    {
        // A range is one of the file as it is: whoever asks for it wants to put it beside others.
        if (asked.Range.Count > 0 || !Takes(asked.AcceptEncoding))
            return false;

        // Whoever has one of the two hears of that one, or the other would be sent for nothing.
        foreach (var tags in (Microsoft.Extensions.Primitives.StringValues[])[asked.IfNoneMatch, asked.IfMatch])
        {
            var text = tags.ToString();
            if (text.Contains(plain, StringComparison.Ordinal) && !text.Contains(packed, StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    /// <summary>As RFC 9110 has it: a coding that is not named counts as the star does, and the file as it is always will do.</summary>
    private static bool Takes(IList<string?> header)
    {
        if (!StringWithQualityHeaderValue.TryParseList([.. header.OfType<string>()], out var codings))
            return false;
        var gzip = Quality(codings, "gzip") ?? Quality(codings, "x-gzip") ?? Quality(codings, "*") ?? 0;
        return gzip > 0 && gzip >= (Quality(codings, "identity") ?? 0);
    }

    private static double? Quality(IList<StringWithQualityHeaderValue> codings, string name)
    {
        foreach (var coding in codings)
        {
            if (coding.Value.Equals(name, StringComparison.OrdinalIgnoreCase))
                return coding.Quality ?? 1;
        }

        return null;
    }
}
