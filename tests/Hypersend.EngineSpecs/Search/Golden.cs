using System.Globalization;
using System.Reflection;

namespace Hypersend.EngineSpecs.Search;

/// <summary>
/// Sentences of one language, and which of them a query finds: a line "3 sentence" is the third message, "? query => 1 3"
/// says by numbers what it is to find.
/// </summary>
internal sealed record Golden(string Language, IReadOnlyList<string> Sentences, IReadOnlyList<(string Query, int[] Expected)> Queries)
{
    private const string Arrow = "=>";

    public static Golden Read(string language)
    {
        var (sentences, queries) = (new List<string>(), new List<(string, int[])>());
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"golden.{language}")
            ?? throw new InvalidOperationException($"There is no golden file {language}.txt.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("? ", StringComparison.Ordinal))
            {
                var arrow = line.LastIndexOf(Arrow, StringComparison.Ordinal);
                var expected = line[(arrow + Arrow.Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                queries.Add((line[2..arrow].Trim(), [.. expected.Select(number => int.Parse(number, CultureInfo.InvariantCulture))]));
                continue;
            }

            var gap = line.IndexOf(' ', StringComparison.Ordinal);
            sentences.Add(line[(gap + 1)..]);
            Assert.Equal(sentences.Count.ToString(CultureInfo.InvariantCulture), line[..gap]);
        }

        return new Golden(language, sentences, queries);
    }
}
