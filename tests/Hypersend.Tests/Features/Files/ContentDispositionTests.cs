using System.Net.Http.Headers;
using Hypersend.Server.Features.Files;

namespace Hypersend.Tests.Features.Files;

public sealed class ContentDispositionTests
{
    [Theory]
    [InlineData("a.txt", "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt")]
    [InlineData("naïve plan.txt", "attachment; filename=\"na_ve plan.txt\"; filename*=UTF-8''na%C3%AFve%20plan.txt")]
    [InlineData("€ rates", "attachment; filename=\"_ rates\"; filename*=UTF-8''%E2%82%AC%20rates")]
    [InlineData("💖.png", "attachment; filename=\"_.png\"; filename*=UTF-8''%F0%9F%92%96.png")]
    [InlineData("100%41.txt", "attachment; filename=\"100_41.txt\"; filename*=UTF-8''100%2541.txt")]
    [InlineData("it's (1), [2]; *.txt", "attachment; filename=\"it's (1), [2]; *.txt\"; filename*=UTF-8''it%27s%20%281%29%2C%20%5B2%5D%3B%20%2A.txt")]
    public void A_name_is_told_in_both_forms(string name, string header) => Assert.Equal(header, ContentDisposition.Of(name, inline: false));

    [Fact]
    public void What_is_shown_in_place_says_so() => Assert.StartsWith("inline; filename=", ContentDisposition.Of("a", inline: true), StringComparison.Ordinal);

    [Theory]
    [InlineData("a\"; filename=\"evil.exe")]
    [InlineData("a\r\nSet-Cookie: x=1\r\n\r\n<html>")]
    [InlineData("a\\\"b")]
    [InlineData("\0\u0001\u007f\u0085\u2028")]
    [InlineData("\uD800x\uDC00")]
    public void Nothing_in_a_name_leaves_its_quotes(string name)
    {
        var header = ContentDisposition.Of(name, inline: false);
        Assert.DoesNotContain(header, c => c is < ' ' or > '~');
        Assert.Equal(2, header.Count(c => c == '"'));
        Assert.DoesNotContain('\\', header);
        Assert.StartsWith("attachment; filename=\"", header, StringComparison.Ordinal);
        Assert.Equal(2, ContentDispositionHeaderValue.Parse(header).Parameters.Count);
    }

    [Fact]
    public void A_reader_of_headers_gets_the_same_name()
    {
        using var names = SharedData.Json("naughty-strings.json");
        foreach (var name in names.RootElement.EnumerateArray().Select(text => FileNames.Clean(text.GetString()!)).OfType<string>())
            Assert.Equal(name, ContentDispositionHeaderValue.Parse(ContentDisposition.Of(name, inline: false)).FileNameStar);
    }
}
