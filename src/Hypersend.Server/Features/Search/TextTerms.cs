using System.Text;

namespace Hypersend.Server.Features.Search;

/// <summary>
/// The terms of a text, the same as <see cref="SearchTerms"/> gives for the words of the <see cref="Tokeniser"/>, at a fraction of the
/// price: plain letters become terms as they are read, and of other words those are remembered that come again and again.
/// </summary>
internal sealed class TextTerms
{
    private const int MostRemembered = 8_192;
    private const int LongestRemembered = 32;

    private readonly Dictionary<string, int[]?>.AlternateLookup<ReadOnlySpan<char>> _known =
        new Dictionary<string, int[]?>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    // A kind for each character of the first plane, one more than it is; 0 until it is asked for.
    private readonly byte[] _kinds = new byte[char.MaxValue + 1];

    public void Add(List<int> terms, string text)
    {
        var before = terms.Count;
        if (TryAdd(terms, text))
            return;
        terms.RemoveRange(before, terms.Count - before);
        SearchTerms.Add(terms, Tokeniser.Words(text));
    }

    /// <summary>False when a word depends on its neighbours, as in scripts that write no gaps.</summary>
    private bool TryAdd(List<int> terms, ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            while (i < text.Length && char.IsAsciiLetterOrDigit(text[i]))
                i++;
            if (i > start && (i == text.Length || char.IsAscii(text[i])))
            {
                SearchTerms.AddPlain(terms, text[start..i]);
                continue;
            }

            i = start;
            switch (KindAt(text, i, out var length))
            {
                case CharacterKind.Unit:
                    return false;
                case CharacterKind.Letter:
                    i = EndOf(text, i + length, isWord: true);
                    break;
                case CharacterKind.Sign:
                    i = EndOf(text, i + length, isWord: false);
                    break;
                default:
                    i += length;
                    continue;
            }

            if (!TryAddWord(terms, text[start..i]))
                return false;
        }

        return true;
    }

    private int EndOf(ReadOnlySpan<char> text, int i, bool isWord)
    {
        while (i < text.Length && KindAt(text, i, out var length) is var kind && (kind == CharacterKind.Mark || (isWord && kind == CharacterKind.Letter)))
            i += length;
        return i;
    }

    private bool TryAddWord(List<int> terms, ReadOnlySpan<char> word)
    {
        if (!_known.TryGetValue(word, out var known))
        {
            var words = Tokeniser.Words(word.ToString());
            if (!words.Exists(one => one.IsUnit))
            {
                var some = new List<int>();
                SearchTerms.Add(some, words);
                known = [.. some];
            }

            if (_known.Dictionary.Count >= MostRemembered)
                _known.Dictionary.Clear();
            if (word.Length <= LongestRemembered)
                _known[word] = known;
        }

        if (known is null)
            return false;
        terms.AddRange(known);
        return true;
    }

    private CharacterKind KindAt(ReadOnlySpan<char> text, int i, out int length)
    {
        var character = text[i];
        if (char.IsSurrogate(character))
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out length);
            return Scripts.KindOf(rune);
        }

        length = 1;
        if (_kinds[character] == 0)
            _kinds[character] = (byte)(Scripts.KindOf(new Rune(character)) + 1);
        return (CharacterKind)(_kinds[character] - 1);
    }
}
