using System.Text.RegularExpressions;

namespace Hypersend.ServerTests.Fixture;

/// <summary>A letter as the file of a mail program has it.</summary>
internal sealed partial record Letter(string To, string Subject, string Text)
{
    /// <summary>The first address in the text.</summary>
    public Uri Link => new(LinkShape().Match(Text).Value);

    /// <summary>What stands behind <c>#token=</c> in the link.</summary>
    public string Token => Link.Fragment["#token=".Length..];

    public static Letter Read(string path)
    {
        var parts = File.ReadAllText(path).Split("\r\n\r\n", 2);
        var headers = parts[0].Split("\r\n").Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return new Letter(headers["To"], headers["Subject"], parts[1]);
    }

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex LinkShape();
}
