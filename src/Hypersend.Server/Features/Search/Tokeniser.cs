using System.Text;

namespace Hypersend.Server.Features.Search;

/// <summary>
/// Parts a text into words, the same for what is searched and for what is searched by. Marks stay with their letters;
/// addresses, paths and file names fall apart at their punctuation.
/// </summary>
internal static class Tokeniser
{
    public static List<Word> Words(string text)
    {
        var words = new List<Word>();
        var start = 0;
        var kind = CharacterKind.Gap;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
            var here = Scripts.KindOf(rune);

            // A mark stays with what it follows; a mark behind nothing is nothing.
            if (here == CharacterKind.Mark)
                here = kind;
            else if (here != kind || here is CharacterKind.Unit or CharacterKind.Sign)
                Flush(i);
            if (kind == CharacterKind.Gap)
                start = i;
            kind = here;
            i += length;
        }

        Flush(text.Length);
        return words;

        void Flush(int end)
        {
            if (kind != CharacterKind.Gap)
                Add(words, text, start, end, kind);
            start = end;
            kind = CharacterKind.Gap;
        }
    }

    private static void Add(List<Word> words, string text, int start, int end, CharacterKind kind)
    {
        var form = WordForm.Of(text[start..end]);
        if (IsWhole(form))
        {
            if (form.Length > 0)
                words.Add(new Word(form, start, end, kind == CharacterKind.Unit, !WordForm.IsOtherThanArabic(text.AsSpan(start, end - start))));
            return;
        }

        // Written out, ½ and ﷺ are several words.
        foreach (var part in Words(form))
            words.Add(new Word(part.Text, start, end, part.IsUnit));
    }

    private static bool IsWhole(string form)
    {
        foreach (var rune in form.EnumerateRunes())
        {
            if (Scripts.KindOf(rune) == CharacterKind.Gap)
                return false;
        }

        return true;
    }
}
