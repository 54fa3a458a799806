using System.Globalization;
using System.Reflection;
using System.Text;

namespace Hypersend.Seed;

/// <summary>Things people write to each other, in several languages, from a few words to a few sentences.</summary>
internal sealed class Sentences
{
    private static readonly string[] Faces = ["👍", "😀", "🙏", "❤️", "😂", "🎉", "👀", "🚲", "⛵", "☔"];
    private static readonly string[] Topics = ["harbour", "budget", "islands", "bicycle", "recipe", "minutes", "invoice", "holiday"];

    private readonly Language[] _languages;

    private Sentences(Language[] languages) => _languages = languages;

    public int Languages => _languages.Length;

    public static Sentences Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("sentences")!;
        using var reader = new StreamReader(stream);
        var languages = new List<Language>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('['))
                languages.Add(new Language([], [], []));
            else
                languages[^1].Of(line[0]).Add(line[2..]);
        }

        return new Sentences([.. languages]);
    }

    /// <summary>What somebody who speaks this language may write next.</summary>
    public string Next(int language, Dice dice)
    {
        var spoken = _languages[language];
        if (dice.OnceIn(12))
            return dice.OneOf(spoken.Closings);
        if (dice.OnceIn(40))
            return dice.OneOf(Faces);

        var text = new StringBuilder();
        var (pattern, thing) = (dice.Below(spoken.Patterns.Count), dice.Below(spoken.Things.Count));
        for (var more = dice.Below(1 + dice.Below(4)); more >= 0; more--)
        {
            text.Append(spoken.Patterns[pattern].Replace("{0}", spoken.Things[thing], StringComparison.Ordinal)).Append(' ');
            (pattern, thing) = ((pattern + 1) % spoken.Patterns.Count, (thing + 1) % spoken.Things.Count);
        }

        if (dice.OnceIn(3))
            text.Append(dice.OneOf(spoken.Closings)).Append(' ');
        if (dice.OnceIn(6))
            text.Append(Detail(dice)).Append(' ');
        if (dice.OnceIn(10))
            text.Append(dice.OneOf(Faces)).Append(' ');
        text.Length--;
        return text.ToString();
    }

    /// <summary>What no other message has: a number, a time, a link, the name of a file.</summary>
    private static string Detail(Dice dice)
    {
        var number = dice.Below(1_000_000);
        return dice.Below(5) switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, $"{dice.Below(24):D2}:{dice.Below(60):D2}"),
            1 => string.Create(CultureInfo.InvariantCulture, $"https://example.org/{dice.OneOf(Topics)}/{number}"),
            2 => string.Create(CultureInfo.InvariantCulture, $"{dice.OneOf(Topics)}-{number}.pdf"),
            3 => string.Create(CultureInfo.InvariantCulture, $"({number})"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{number / 100m:0.00} €"),
        };
    }

    /// <summary>Sentences with a hole, things that fit into it, and sentences that can follow.</summary>
    private sealed record Language(List<string> Patterns, List<string> Things, List<string> Closings)
    {
        public List<string> Of(char kind) => kind switch
        {
            'p' => Patterns,
            't' => Things,
            'c' => Closings,
            _ => throw new InvalidDataException("A line of the sentences begins with p, t or c."),
        };
    }
}
