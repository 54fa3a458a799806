using System.Globalization;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Search;

/// <summary>
/// Reads what somebody typed. An operator with a value that it cannot take is refused with a word about it; everything
/// else is text: an unknown operator, a quotation mark that is never closed.
/// </summary>
internal static class QueryParser
{
    private const string Dates = "needs a date, for example 2026-01-31";

    private static readonly Dictionary<string, Func<SearchQuery, string, string?>> Operators = new(StringComparer.OrdinalIgnoreCase)
    {
        ["from"] = (query, value) => Add(query.From, value, "needs a user name, or me"),
        ["in"] = (query, value) => Add(query.In, value, "needs the name or the id of a chat"),
        ["has"] = Has,
        ["before"] = (query, value) => Date(value) is { } at ? Set(() => query.Before = Earlier(query.Before, at)) : Dates,
        ["after"] = (query, value) => Date(value) is { } at ? Set(() => query.After = Later(query.After, at)) : Dates,
        ["filename"] = (query, value) => Tokeniser.Words(value) is { Count: > 0 } words
            ? Set(() => Add(query.Filenames, new Phrase(words, EndsAsBeginning: true)))
            : "needs a part of the name of a file",
        ["mentions"] = (query, value) => Is(value, "me") ? Set(() => query.MentionsMe = true) : "can only be me",
        ["is"] = (query, value) => Is(value, "pinned") ? Set(() => query.IsPinned = true) : "can only be pinned",
        ["size"] = (query, value) => value is ['<' or '>', ..] ? Size(query, value[0], value[1..]) : "needs > or <, for example size>10mb",
    };

    public static Result<SearchQuery> Parse(string text)
    {
        var query = new SearchQuery();
        foreach (var piece in QueryPieces.Of(text))
        {
            if (Read(query, piece) is { } refusal)
                return Failure.OfField(ErrorCodes.InvalidQuery, "q", refusal);
        }

        return query;
    }

    /// <summary>Null when the piece was taken; otherwise what is wrong with it.</summary>
    private static string? Read(SearchQuery query, QueryPiece piece)
    {
        if (piece.Name is { } name && Operators.TryGetValue(name, out var take))
        {
            var shown = name.ToLowerInvariant() + (piece.Value is ['<' or '>', ..] ? "" : ":");
            if (piece.IsExcluded)
                return $"-{shown} cannot exclude; only words and phrases can";
            return take(query, piece.Value) is { } refusal ? $"{shown} {refusal}" : null;
        }

        if (Tokeniser.Words(piece.Text) is { Count: > 0 } words)
            Add(piece.IsExcluded ? query.None : query.All, new Phrase(words, EndsAsBeginning: !piece.IsQuoted && !piece.IsExcluded));
        return null;
    }

    private static string? Has(SearchQuery query, string value) => value.ToUpperInvariant() switch
    {
        "FILE" or "FILES" => Set(() => query.HasFile = true),
        "LINK" or "LINKS" => Set(() => query.HasLink = true),
        "IMAGE" or "IMAGES" => Set(() => query.HasImage = true),
        _ => "can be file, link or image",
    };

    private static string? Size(SearchQuery query, char sign, string value)
    {
        if (Bytes(value) is not { } bytes)
            return "needs a number of bytes, for example size>10mb";
        if (sign == '>')
            query.LargerThan = Math.Max(query.LargerThan ?? 0, bytes);
        else
            query.SmallerThan = Math.Min(query.SmallerThan ?? long.MaxValue, bytes);
        return null;
    }

    private static long? Bytes(string value)
    {
        var digits = value.TrimEnd([.. "kmgtibKMGTIB"]);
        var power = value[digits.Length..].ToUpperInvariant() switch
        {
            "" or "B" => 0,
            "K" or "KB" or "KIB" => 1,
            "M" or "MB" or "MIB" => 2,
            "G" or "GB" or "GIB" => 3,
            "T" or "TB" or "TIB" => 4,
            _ => -1,
        };
        if (power < 0 || !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 1_000_000_000_000)
            return null;
        var bytes = number * (decimal)Math.Pow(1024, power);
        return bytes <= long.MaxValue ? (long)bytes : null;
    }

    /// <summary>A day or a moment; times without a zone are UTC.</summary>
    private static DateTimeOffset? Date(string value) =>
        DateTimeOffset.TryParseExact(
            value, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"],
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : null;

    private static DateTimeOffset Earlier(DateTimeOffset? known, DateTimeOffset at) => known < at ? known.Value : at;

    private static DateTimeOffset Later(DateTimeOffset? known, DateTimeOffset at) => known > at ? known.Value : at;

    private static string? Add(List<string> values, string value, string refusal)
    {
        if (string.IsNullOrWhiteSpace(value))
            return refusal;
        values.Add(value.Trim());
        return null;
    }

    // Whoever types a word a hundred times asks for it once.
    private static void Add(List<Phrase> phrases, Phrase phrase)
    {
        if (!phrases.Exists(phrase.IsSame))
            phrases.Add(phrase);
    }

    private static bool Is(string value, string word) => value.Equals(word, StringComparison.OrdinalIgnoreCase);

    private static string? Set(Action set)
    {
        set();
        return null;
    }
}
