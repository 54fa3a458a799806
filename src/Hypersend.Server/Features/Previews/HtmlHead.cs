using System.Buffers;
using System.Net;
using System.Text;

namespace Hypersend.Server.Features.Previews;

/// <summary>
/// What the head of a page says of itself: its title and its meta words. It reads what browsers would read in any order and
/// spelling, looks at each character at most a few times, and never fails: a page that is no page says nothing.
/// </summary>
internal sealed class HtmlHead
{
    private const int MostWords = 500;
    private const int LongestValue = 4_000;

    private static readonly SearchValues<char> KeyEnds = SearchValues.Create(" \t\r\n\f/>=");
    private static readonly SearchValues<char> ValueEnds = SearchValues.Create(" \t\r\n\f>");

    private readonly Dictionary<string, string> _words = new(StringComparer.OrdinalIgnoreCase);

    private HtmlHead()
    {
    }

    public string? Title { get; private set; }

    /// <summary>The first content of a meta word that is not empty, in the order in which they are asked for.</summary>
    public string? Word(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_words.TryGetValue(name, out var value))
                return value;
        }

        return null;
    }

    public static HtmlHead Read(ReadOnlySpan<char> html)
    {
        var head = new HtmlHead();
        while (true)
        {
            var open = html.IndexOf('<');
            if (open < 0 || open + 1 >= html.Length)
                return head;
            html = html[(open + 1)..];
            if (html.StartsWith("!--", StringComparison.Ordinal))
            {
                html = After(html[3..], "-->");
                continue;
            }

            var name = NameOf(html);
            var rest = html[name.Length..];
            if (Is(name, "body") || Is(name, "/head"))
                return head;
            if (Is(name, "meta"))
                html = head.TakeMeta(rest);
            else if (Is(name, "title") && head.Title is null)
                html = head.TakeTitle(AfterTag(rest));
            else if (Is(name, "script") || Is(name, "style") || Is(name, "noscript") || Is(name, "svg") || Is(name, "template"))
                html = AfterEnd(AfterTag(rest), name);
            else if (name.Length > 0)
                html = AfterTag(rest);
        }
    }

    private ReadOnlySpan<char> TakeTitle(ReadOnlySpan<char> html)
    {
        var end = html.IndexOf("</title", StringComparison.OrdinalIgnoreCase);
        var text = Text(end < 0 ? html : html[..end]);
        if (text.Length > 0)
            Title = text;
        return end < 0 ? [] : html[end..];
    }

    private ReadOnlySpan<char> TakeMeta(ReadOnlySpan<char> html)
    {
        string? name = null, content = null;
        while (TakeAttribute(ref html, out var key, out var value))
        {
            if (Is(key, "property") || (Is(key, "name") && name is null) || (Is(key, "itemprop") && name is null))
                name = value.Trim().ToString();
            else if (Is(key, "content"))
                content = Text(value);
        }

        if (name is { Length: > 0 and <= 100 } && content is { Length: > 0 } && _words.Count < MostWords)
            _words.TryAdd(name, content);
        return html;
    }

    /// <summary>The next attribute of a tag; false at its end, which is passed.</summary>
    private static bool TakeAttribute(ref ReadOnlySpan<char> html, out ReadOnlySpan<char> key, out ReadOnlySpan<char> value)
    {
        key = value = [];
        html = html.TrimStart(" \t\r\n\f/");
        if (html.IsEmpty)
            return false;
        if (html[0] == '>')
        {
            html = html[1..];
            return false;
        }

        var end = html[1..].IndexOfAny(KeyEnds);
        end = end < 0 ? html.Length : end + 1;
        key = html[..end];
        html = html[end..].TrimStart(" \t\r\n\f");
        if (html.IsEmpty || html[0] != '=')
            return true;
        html = html[1..].TrimStart(" \t\r\n\f");
        if (html.IsEmpty)
            return true;
        if (html[0] is '"' or '\'')
        {
            var close = html[1..].IndexOf(html[0]);
            value = close < 0 ? html[1..] : html.Slice(1, close);
            html = close < 0 ? [] : html[(close + 2)..];
            return true;
        }

        end = html.IndexOfAny(ValueEnds);
        value = end < 0 ? html : html[..end];
        html = end < 0 ? [] : html[end..];
        return true;
    }

    private static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> html)
    {
        var end = html.IndexOfAny(ValueEnds);
        var name = end < 0 ? html : html[..Math.Min(end, html.Length)];
        return name.Length > 20 ? name[..20] : name.TrimEnd('/');
    }

    // Quotes may hide the end of a tag.
    private static ReadOnlySpan<char> AfterTag(ReadOnlySpan<char> html)
    {
        while (TakeAttribute(ref html, out _, out _))
        {
        }

        return html;
    }

    private static ReadOnlySpan<char> AfterEnd(ReadOnlySpan<char> html, ReadOnlySpan<char> name)
    {
        var end = html.IndexOf("</" + name.ToString(), StringComparison.OrdinalIgnoreCase);
        return end < 0 ? [] : html[end..];
    }

    private static ReadOnlySpan<char> After(ReadOnlySpan<char> html, string mark)
    {
        var at = html.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? [] : html[(at + mark.Length)..];
    }

    private static bool Is(ReadOnlySpan<char> name, string word) => name.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>With the characters that entities stand for, white space in one form, and nothing that turns or hides text.</summary>
    private static string Text(ReadOnlySpan<char> raw)
    {
        var decoded = WebUtility.HtmlDecode((raw.Length > LongestValue ? raw[..LongestValue] : raw).ToString());
        var text = new StringBuilder(decoded.Length);
        var isSpaced = true;
        foreach (var rune in decoded.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                if (!isSpaced)
                    text.Append(' ');
                isSpaced = true;
            }
            else if (rune.Value is not ((>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0xFEFF or 0xFFFD))
            {
                text.Append(rune);
                isSpaced = false;
            }
        }

        return text.ToString().TrimEnd();
    }
}
