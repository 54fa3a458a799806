namespace Hypersend.Server.Features.Search;

/// <summary>What stands between two gaps of a query: a word, a phrase, or an operator and its value.</summary>
internal sealed record QueryPiece(string Text, bool IsExcluded, bool IsQuoted, string? Name, string Value);

/// <summary>Parts a query at its gaps, quotation marks in mind.</summary>
internal static class QueryPieces
{
    private const string Quotes = "\"“”„«»「」";

    public static IEnumerable<QueryPiece> Of(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            var isExcluded = text[i] == '-' && i + 1 < text.Length && !char.IsWhiteSpace(text[i + 1]);
            if (isExcluded)
                i++;
            if (IsQuote(text[i]))
            {
                var phrase = Quoted(text, ref i);
                yield return new QueryPiece(phrase, isExcluded, IsQuoted: true, Name: null, "");
                continue;
            }

            yield return Plain(text, ref i, isExcluded);
        }
    }

    private static QueryPiece Plain(string text, ref int i, bool isExcluded)
    {
        var start = i;
        while (i < text.Length && char.IsAsciiLetter(text[i]))
            i++;
        var name = text[start..i];

        // size>10mb is written without a colon; with one it means the same.
        var isOperator = i > start && i < text.Length && (text[i] == ':' || (text[i] is '<' or '>' && name.Equals("size", StringComparison.OrdinalIgnoreCase)));
        if (!isOperator)
        {
            i = GapFrom(text, start);
            return new QueryPiece(text[start..i], isExcluded, IsQuoted: false, Name: null, "");
        }

        if (text[i] == ':')
            i++;
        var from = i;
        string value;
        if (i < text.Length && IsQuote(text[i]))
        {
            value = Quoted(text, ref i);
        }
        else
        {
            i = GapFrom(text, from);
            value = text[from..i];
        }

        return new QueryPiece(text[start..i], isExcluded, IsQuoted: false, name, value);
    }

    /// <summary>To the next quotation mark, or to the end when there is none.</summary>
    private static string Quoted(string text, ref int i)
    {
        var start = ++i;
        while (i < text.Length && !IsQuote(text[i]))
            i++;
        var phrase = text[start..i];
        i = Math.Min(i + 1, text.Length);
        return phrase;
    }

    private static int GapFrom(string text, int i)
    {
        while (i < text.Length && !char.IsWhiteSpace(text[i]))
            i++;
        return i;
    }

    private static bool IsQuote(char character) => Quotes.Contains(character, StringComparison.Ordinal);
}
