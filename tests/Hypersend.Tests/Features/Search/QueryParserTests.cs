using Hypersend.Contracts.Errors;
using Hypersend.Server.Features.Search;

namespace Hypersend.Tests.Features.Search;

public sealed class QueryParserTests
{
    [Fact]
    public void Every_operator_is_read()
    {
        var query = Parse("from:ana FROM:\"Ben Okri\" in:garden has:file has:LINK has:image before:2026-02-01 after:2026-01-31T08:30Z filename:plan.pdf size>10mb size:<1.5GB mentions:me is:pinned");
        Assert.Equal(["ana", "Ben Okri"], query.From);
        Assert.Equal(["garden"], query.In);
        Assert.True(query is { HasFile: true, HasLink: true, HasImage: true, MentionsMe: true, IsPinned: true });
        Assert.Equal(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), query.Before);
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 8, 30, 0, TimeSpan.Zero), query.After);
        Assert.Equal((10L << 20, 3L << 29), (query.LargerThan, query.SmallerThan));
        Assert.Equal(["plan", "pdf"], Assert.Single(query.Filenames).Words.Select(word => word.Text));
        Assert.Empty(query.All);
    }

    [Fact]
    public void Words_phrases_and_what_is_not_wanted_are_told_apart()
    {
        var query = Parse("two words \"a phrase\" “curly one” -not -\"nor this\" a-b - http://x.example:80/y what:ever");
        Assert.Equal(["two", "words", "a phrase", "curly one", "a b", "http x example 80 y", "what ever"], query.All.Select(Text));
        Assert.Equal(["not", "nor this"], query.None.Select(Text));
        Assert.Equal([true, true, false, false, true, true, true], query.All.Select(phrase => phrase.EndsAsBeginning));
    }

    [Theory]
    [InlineData("\"never closed", "never closed")]
    [InlineData("from :ana", "from|ana")]
    [InlineData("size 10", "size|10")]
    [InlineData("x>y", "x y")]
    [InlineData("-", "")]
    [InlineData("\"\" ''", "")]
    public void What_is_no_operator_is_text(string text, string expected) => Assert.Equal(expected, string.Join('|', Parse(text).All.Select(Text)));

    [Theory]
    [InlineData("has:x")]
    [InlineData("before:1")]
    [InlineData("after:")]
    [InlineData("size>")]
    [InlineData("size>-1")]
    [InlineData("size>99999999999999tb")]
    [InlineData("is:\"pinned not\"")]
    [InlineData("from:\"")]
    [InlineData("-from:ana")]
    public void A_value_that_an_operator_cannot_take_is_refused(string text) => Assert.Equal(ErrorCodes.InvalidQuery, QueryParser.Parse(text).Failure?.Code);

    [Fact]
    public void Nothing_that_is_typed_breaks_it()
    {
        var dice = new Dice(5);
        const string Alphabet = "abz :<>\"-“fromhassizein:  漢ح\u0301";
        for (var i = 0; i < 2_000; i++)
            QueryParser.Parse(string.Concat(Enumerable.Range(0, dice.Next(30)).Select(_ => Alphabet[dice.Next(Alphabet.Length)])));
    }

    private static string Text(Phrase phrase) => string.Join(' ', phrase.Words.Select(word => word.Text));

    private static SearchQuery Parse(string text)
    {
        Assert.True(QueryParser.Parse(text).Succeeded(out var query, out var failure), failure?.Code);
        return query;
    }
}
