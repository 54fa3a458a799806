using System.Text.RegularExpressions;

namespace Hypersend.Server.Features.Previews;

/// <summary>The first link of a text that a preview may be made of.</summary>
internal static partial class LinkFinder
{
    private const int Longest = 2_000;

    /// <summary>Null when there is none. A link in angle brackets is to be left alone, as in other places where people write.</summary>
    public static string? First(string? text)
    {
        if (text is null || !text.Contains("://", StringComparison.Ordinal))
            return null;
        foreach (var match in Link().EnumerateMatches(text))
        {
            if (match.Index > 0 && text[match.Index - 1] == '<')
                continue;
            var link = Bare(text.AsSpan(match.Index, match.Length));
            if (link.Length <= Longest && Uri.TryCreate(link, UriKind.Absolute, out var url) && url.Host.Length > 0)
                return link;
        }

        return null;
    }

    // A dot, a comma or a bracket behind a link belongs to the sentence, unless the bracket was opened inside.
    private static string Bare(ReadOnlySpan<char> link)
    {
        while (link.Length > 0)
        {
            var last = link[^1];
            if (".,;:!?'\"*_~»”’…。、，！？）」".Contains(last) || IsUnopened(link, last, ')', '(') || IsUnopened(link, last, ']', '['))
                link = link[..^1];
            else
                break;
        }

        return link.ToString();
    }

    private static bool IsUnopened(ReadOnlySpan<char> link, char last, char closing, char opening) =>
        last == closing && link.Count(closing) > link.Count(opening);

    [GeneratedRegex(@"\bhttps?://[^\s<>""`{}|\\^]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}
