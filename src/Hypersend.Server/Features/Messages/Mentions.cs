using System.Text.RegularExpressions;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Messages;

/// <summary>Whom a text calls by <c>@name</c>.</summary>
internal static partial class Mentions
{
    /// <summary>What calls the whole chat.</summary>
    public const string Everybody = "all";

    private const int Most = 50;

    /// <summary>The names in their comparing form, each once. A dot or hyphen at the end belongs to the sentence.</summary>
    public static IReadOnlyCollection<string> In(string content)
    {
        if (!content.Contains('@', StringComparison.Ordinal))
            return [];
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (Match match in Called().Matches(content))
        {
            var name = match.Groups[1].Value;
            names.Add(NameForm.Of(name));
            if (name.TrimEnd('.', '-', '_') is { Length: >= 3 } trimmed)
                names.Add(NameForm.Of(trimmed));
            if (names.Count >= Most)
                break;
        }

        return names;
    }

    // Not inside a word, so that an e-mail address calls nobody.
    [GeneratedRegex(@"(?<![\p{L}\p{N}_.\-@])@([A-Za-z0-9_.\-]{3,32})(?![A-Za-z0-9_@])", RegexOptions.CultureInvariant)]
    private static partial Regex Called();
}
