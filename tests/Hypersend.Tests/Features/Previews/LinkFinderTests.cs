using Hypersend.Server.Features.Previews;

namespace Hypersend.Tests.Features.Previews;

public sealed class LinkFinderTests
{
    [Theory]
    [InlineData("https://example.org", "https://example.org")]
    [InlineData("see https://example.org/a?b=c#d, and http://other.org", "https://example.org/a?b=c#d")]
    [InlineData("(https://example.org/a)", "https://example.org/a")]
    [InlineData("https://en.wikipedia.org/wiki/Cup_(vessel)", "https://en.wikipedia.org/wiki/Cup_(vessel)")]
    [InlineData("(see https://en.wikipedia.org/wiki/Cup_(vessel)).", "https://en.wikipedia.org/wiki/Cup_(vessel)")]
    [InlineData("HTTPS://EXAMPLE.ORG/A!", "HTTPS://EXAMPLE.ORG/A")]
    [InlineData("看 https://example.org/路径。", "https://example.org/路径")]
    [InlineData("<https://quiet.org> https://loud.org", "https://loud.org")]
    [InlineData("<https://quiet.org>", null)]
    [InlineData("ftp://example.org", null)]
    [InlineData("https://", null)]
    [InlineData("xhttps://example.org", null)]
    [InlineData("no link here", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_first_link_is_found_without_what_belongs_to_the_sentence(string? text, string? link) => Assert.Equal(link, LinkFinder.First(text));

    [Fact]
    public void A_text_of_nothing_but_brackets_takes_no_time() => Assert.NotNull(LinkFinder.First("https://example.org/" + new string(')', 9_000)));
}
