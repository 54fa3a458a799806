using Microsoft.Net.Http.Headers;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// What a request for the bare address of a file wants: its metadata or its bytes. Metadata is for who names JSON and would
/// not rather have the file's own type; a browser, curl and whoever says nothing get the bytes.
/// </summary>
internal static class AcceptHeader
{
    private const string Json = "application/json";

    /// <param name="accept">All lines of the header; empty when there is none.</param>
    /// <param name="mime">The type of the file.</param>
    public static bool WantsMetadata(IList<string> accept, string mime)
    {
        // What cannot be read asks for nothing in particular.
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(accept, out var ranges))
            return false;
        var json = ranges.Where(range => range.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)).Select(Quality).DefaultIfEmpty(0).Max();
        return json > 0 && json >= QualityOf(mime == Json ? MediaTypes.Unknown : mime, ranges);
    }

    /// <summary>The most exact range that has the type decides, as the standard says.</summary>
    private static double QualityOf(string mime, IList<MediaTypeHeaderValue> ranges)
    {
        var type = mime[..mime.IndexOf('/', StringComparison.Ordinal)];
        var exactness = -1;
        var quality = 0.0;
        foreach (var range in ranges)
        {
            var exact = range.MatchesAllTypes ? 0
                : range.MatchesAllSubTypes ? range.Type.Equals(type, StringComparison.OrdinalIgnoreCase) ? 1 : -1
                : range.MediaType.Equals(mime, StringComparison.OrdinalIgnoreCase) ? 2 : -1;
            if (exact > exactness || (exact >= 0 && exact == exactness && Quality(range) > quality))
                (exactness, quality) = (exact, Quality(range));
        }

        return quality;
    }

    private static double Quality(MediaTypeHeaderValue range) => range.Quality ?? 1;
}
