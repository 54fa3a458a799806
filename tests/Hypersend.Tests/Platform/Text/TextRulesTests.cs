using System.Text;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Tests.Platform.Text;

public sealed class TextRulesTests
{
    // Lone surrogates do not survive as inline data of a theory.
    [Fact]
    public void Length_counts_code_points()
    {
        (string, int)[] cases =
        [
            ("", 0), ("abc", 3), ("a👍b", 3), ("👩‍👩‍👧", 5), ("\uD83D", 1), ("\uDC4D\uD83D", 2), ("\uD83D\uD83D\uDC4D", 2),
        ];
        Assert.All(cases, it => Assert.Equal(it.Item2, CodePoints.Count(it.Item1)));
    }

    [Fact]
    public void Half_a_character_is_noticed()
    {
        Assert.All(["\uD83D", "\uDC4D", "\uDC4D\uD83D", "x\uD83D\uD83D\uDC4D"], text => Assert.True(TextRules.HasLoneSurrogate(text)));
        Assert.All(["", "👍", "a👍👍b"], text => Assert.False(TextRules.HasLoneSurrogate(text)));
    }

    [Fact]
    public void The_noncharacter_that_the_framework_refuses_is_normalised_around()
    {
        Assert.Equal("é\uFFFE\u0301é", Normalized.Of("e\u0301\uFFFE\u0301e\u0301", NormalizationForm.FormC));
        Assert.Throws<ArgumentException>(() => Normalized.Of("\uFFFE\uD83D", NormalizationForm.FormC));
    }

    [Fact]
    public void Nul_and_blank_are_noticed()
    {
        Assert.True(TextRules.HasNul("a\0"));
        Assert.False(TextRules.HasNul("a\u0001"));
        Assert.True(TextRules.IsBlank(null));
        Assert.True(TextRules.IsBlank(" \t\n\u00A0\u3000"));
        Assert.False(TextRules.IsBlank(" . "));
    }

    [Theory]
    [InlineData("AA", true)]
    [InlineData("AB", false)]
    [InlineData("AAA", true)]
    [InlineData("AAB", false)]
    [InlineData("A", false)]
    [InlineData("AA==", false)]
    [InlineData("AA A", false)]
    [InlineData("AA+A", false)]
    [InlineData("", true)]
    public void Base64url_has_one_spelling(string text, bool good) =>
        Assert.Equal(good, StrictBase64Url.TryDecode(text, new byte[16], out _));
}
