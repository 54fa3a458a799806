using System.Text;
using System.Text.RegularExpressions;

namespace Hypersend.EngineSpecs.Mail;

/// <summary>A mail as its reader gets it: head unfolded and decoded, body decoded.</summary>
internal sealed partial class ArrivedMail
{
    private readonly List<(string Name, string Value)> _head = [];

    private ArrivedMail(string head)
    {
        foreach (var line in Folds().Replace(head, " ").Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            Assert.True(colon > 0, $"'{line}' is no header.");
            _head.Add((line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim()));
        }
    }

    public IEnumerable<string> Names => _head.Select(one => one.Name);

    public string Subject => Decode(this["subject"]);

    public string Body { get; private set; } = "";

    /// <summary>A header that must be there exactly once.</summary>
    public string this[string name] => Assert.Single(_head, one => one.Name == name).Value;

    public static ArrivedMail Parse(byte[] bytes)
    {
        // Line by line in Latin-1, so that every byte is one character until its encoding is known.
        var text = Encoding.Latin1.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var mail = new ArrivedMail(text[..end]);
        Assert.StartsWith("text/plain; charset=utf-8", mail["content-type"], StringComparison.Ordinal);
        var body = text[(end + 2)..];
        mail.Body = mail["content-transfer-encoding"] switch
        {
            "base64" => Encoding.UTF8.GetString(Convert.FromBase64String(body.Trim())),
            "8bit" => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body)),
            var other => throw new NotSupportedException(other),
        };
        return mail;
    }

    private static string Decode(string text) => EncodedWord().Replace(BetweenWords().Replace(text, "?="), word => Encoding.UTF8.GetString(
        word.Groups["how"].Value is "B" or "b"
            ? Convert.FromBase64String(word.Groups["what"].Value)
            : Encoding.Latin1.GetBytes(Uri.UnescapeDataString(word.Groups["what"].Value.Replace('_', ' ').Replace('=', '%')))));

    [GeneratedRegex(@"\n[ \t]+")]
    private static partial Regex Folds();

    [GeneratedRegex(@"=\?utf-8\?(?<how>[BbQq])\?(?<what>[^?]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"\?=\s+(?==\?)")]
    private static partial Regex BetweenWords();
}
