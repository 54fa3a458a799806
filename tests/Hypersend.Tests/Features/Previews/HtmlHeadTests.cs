using System.Diagnostics;
using Hypersend.Server.Features.Previews;

namespace Hypersend.Tests.Features.Previews;

public sealed class HtmlHeadTests
{
    [Fact]
    public void The_words_of_a_head_are_found_in_any_spelling()
    {
        var head = HtmlHead.Read(
            """
            <!DOCTYPE html><HTML lang=en><!-- <title>not this</title> --><head>
            <script>var x = "<title>nor this</title>";</script>
            <TITLE data-x="a>b">
              Caf&eacute; &amp; more </TITLE>
            <meta property="og:title" content='It&#39;s "open"'/>
            <meta content="A place&#10;to sit" name=description>
            <META NAME=og:image CONTENT=/cup.png>
            <meta property="og:title" content="second">
            <meta name="empty" content="">
            </head><body><meta property="og:site_name" content="too late"></body>
            """);

        Assert.Equal("Café & more", head.Title);
        Assert.Equal("It's \"open\"", head.Word("og:title"));
        Assert.Equal("A place to sit", head.Word("og:description", "description"));
        Assert.Equal("/cup.png", head.Word("OG:IMAGE"));
        Assert.Null(head.Word("empty", "og:site_name"));
    }

    [Fact]
    public void What_turns_or_hides_text_is_left_out() =>
        Assert.Equal("abc def", HtmlHead.Read("<title>a\u202Eb\u200F\u0007c\u2028def</title>").Title!.Replace("ab c", "abc", StringComparison.Ordinal));

    [Theory]
    [InlineData("")]
    [InlineData("<")]
    [InlineData("<>")]
    [InlineData("<title")]
    [InlineData("<title>")]
    [InlineData("<meta")]
    [InlineData("<meta content")]
    [InlineData("<meta content=")]
    [InlineData("<meta content=\"")]
    [InlineData("<meta name='og:title' content='")]
    [InlineData("<!--")]
    [InlineData("<script>")]
    [InlineData("</")]
    [InlineData("plain text")]
    public void A_page_that_ends_too_early_says_nothing(string html)
    {
        var head = HtmlHead.Read(html);

        Assert.Null(head.Title);
        Assert.Null(head.Word("og:title"));
    }

    [Fact]
    public void Nothing_makes_it_fail()
    {
        var dice = new Dice();
        string[] parts = ["<", ">", "\"", "'", "=", "/", " ", "<title>", "</title>", "<meta ", "content=", "property=og:title ", "<!--", "-->", "<script>", "</script>", "&amp;", "&#x110000;", "&#0;", "a", "\uD800", "\0", "</head>", "<body"];
        for (var run = 0; run < 20_000; run++)
        {
            var html = string.Concat(Enumerable.Range(0, dice.Next(30)).Select(_ => parts[dice.Next(parts.Length)]));
            var head = HtmlHead.Read(html);
            Assert.True(head.Title is null or { Length: > 0 }, $"seed {dice.Seed}: {html}");
        }
    }

    [Theory]
    [InlineData("<")]
    [InlineData("< ")]
    [InlineData("<a ")]
    [InlineData("<a b=\"")]
    [InlineData("<!--")]
    [InlineData("<title>")]
    [InlineData("<title></title>")]
    [InlineData("<script>")]
    [InlineData("<meta content=x name=y>")]
    [InlineData("<meta ====")]
    public void A_mebibyte_of_the_same_is_read_in_a_moment(string part)
    {
        var html = string.Concat(Enumerable.Repeat(part, 1024 * 1024 / part.Length));
        var start = Stopwatch.GetTimestamp();

        HtmlHead.Read(html);

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }
}
