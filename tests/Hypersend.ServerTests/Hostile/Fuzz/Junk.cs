using System.Globalization;
using System.Text.Json;
using Hypersend.Tests;
using Dice = Hypersend.ServerTests.Fixture.Dice;

namespace Hypersend.ServerTests.Hostile.Fuzz;

/// <summary>Values nobody means, by chance that a seed repeats, with ids of things that are there in between.</summary>
internal sealed class Junk(Dice dice, Known known)
{
    /// <summary>Stands for half of a pair of UTF-16 in text that is JSON later, where it can be written and read.</summary>
    public const string Lone = "\uE000lone\uE000";

    private static readonly string[] Texts =
    [
        "", " ", "\0", "\r\n", "null", "true", "0", "-1", "1e999", "NaN", "undefined", "../../etc/passwd", "..\\..\\windows\\win.ini", "file:///etc/passwd",
        "<script>alert(1)</script>", "' OR 1=1 --", "\"; DROP TABLE users; --", "%00", "%", "%ff%fe", "{{7*7}}", "${jndi:ldap://x}", "\u202E\u2066abc", "\u200B", "é", "e\u0301",
        "👩‍👩‍👧‍👦", "한국어", "مرحبا", "हिन्दी", "漢字", "a@b", "a@example.org", "https://example.org/", "http://127.0.0.1:1/", "javascript:alert(1)", "2026-01-01T00:00:00Z",
        "2026-13-45T99:99:99Z", "9999-12-31T23:59:59.9999999+14:00", "0001-01-01T00:00:00Z", "application/json", "image/png", "owner", "admin", "member", "group", "direct", "channel",
        "room", "from:me in:ana has:file", "\"", "\"\"\"", "size>", "before:", "-", "*", "(", "\\", "/", ";", ",", "=", "bytes=0-", Lone,
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "2", "255", "256", "65536", "2147483647", "2147483648", "-2147483649", "9007199254740993", "9223372036854775807", "9223372036854775808",
        "-9223372036854775809", "0.1", "1.0", "1e3", "1e400", "-1e400", "1e-400", "123456789012345678901234567890",
    ];

    private static readonly IReadOnlyList<string> Naughty = ReadNaughty();

    /// <summary>An id where a name says of what: mostly of something that is there, sometimes of something else.</summary>
    public string Id(string name) => dice.Below(12) switch
    {
        0 => Text(),
        1 => Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddSeconds(dice.Below(int.MaxValue))).ToString(),
        2 => dice.Of(known.All),
        _ => dice.Of(known.Of(name)),
    };

    public string Text() => dice.Below(10) switch
    {
        0 when Naughty.Count > 0 => dice.Of(Naughty),
        1 => dice.Of(known.All),
        2 => new string((char)('!' + dice.Below(90)), 1 << dice.Below(13)),
        3 => dice.Of(Texts) + dice.Of(Texts),
        4 => string.Concat(Enumerable.Range(0, dice.Below(40)).Select(_ => (char)dice.Below(0xD800))),
        _ => dice.Of(Texts),
    };

    public string Number() => dice.OneIn(3) ? dice.Below(1000).ToString(CultureInfo.InvariantCulture) : dice.Of(Numbers);

    /// <summary>Anything that is JSON.</summary>
    public string Json(int depth = 0) => dice.Below(depth > 3 ? 5 : 8) switch
    {
        0 => "null",
        1 => dice.OneIn(2) ? "true" : "false",
        2 => Number(),
        3 or 4 => Quoted(Text()),
        5 => "[" + string.Join(',', Enumerable.Range(0, dice.Below(4)).Select(_ => Json(depth + 1))) + "]",
        6 => "{" + string.Join(',', Enumerable.Range(0, dice.Below(4)).Select(_ => Quoted(Text()) + ":" + Json(depth + 1))) + "}",
        _ => Deep(),
    };

    /// <summary>As JSON writes it; sometimes with what JSON can write and Unicode has not.</summary>
    public static string Quoted(string text) => JsonSerializer.Serialize(text).Replace("\\uE000lone\\uE000", "\\ud800", StringComparison.Ordinal);

    /// <summary>The bytes of a text, sometimes with one too few, too many or another.</summary>
    public byte[] Damaged(byte[] bytes)
    {
        if (bytes.Length == 0 || !dice.OneIn(4))
            return bytes;
        var at = dice.Below(bytes.Length);
        switch (dice.Below(4))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], (byte)dice.Below(256), .. bytes[at..]];
            case 2:
                return [.. bytes[..at], .. bytes[at..], .. bytes[at..]];
            default:
                var flipped = (byte[])bytes.Clone();
                flipped[at] ^= (byte)(1 << dice.Below(8));
                return flipped;
        }
    }

    private string Deep()
    {
        var levels = 1 << dice.Below(10);
        return dice.OneIn(2) ? new string('[', levels) + new string(']', levels) : string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels);
    }

    private static IReadOnlyList<string> ReadNaughty()
    {
        if (SharedData.Find("naughty-strings.json") is not { } path)
            return [];
        using var file = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. file.RootElement.EnumerateArray().Select(one => one.GetString()!)];
    }
}
