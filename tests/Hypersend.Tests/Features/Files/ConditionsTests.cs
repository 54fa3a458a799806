using Hypersend.Server.Features.Files;

namespace Hypersend.Tests.Features.Files;

public sealed class ConditionsTests
{
    private const string Tag = "\"abc\"";
    private const string Then = "Fri, 02 Jan 2026 03:04:05 GMT";
    private const string Before = "Fri, 02 Jan 2026 03:04:04 GMT";
    private const string After = "Fri, 02 Jan 2026 03:04:06 GMT";
    private static readonly DateTimeOffset Modified = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    [Theory]
    [InlineData("\"abc\"", true)]
    [InlineData("*", true)]
    [InlineData("\"x\", \"abc\"", true)]
    [InlineData("\"a,b\" ,\t\"abc\"", true)]
    [InlineData(",,\"abc\"", true)]
    [InlineData("W/\"abc\"", false)]
    [InlineData("\"ABC\"", false)]
    [InlineData("\"ab\"", false)]
    [InlineData("abc", false)]
    [InlineData("\"abc", false)]
    [InlineData("", false)]
    public void If_match_wants_exactly_this(string header, bool holds) =>
        Assert.Equal(holds ? ConditionAnswer.Proceed : ConditionAnswer.Failed, Conditions.Evaluate(new(header, null, null, null), Tag, Modified));

    [Theory]
    [InlineData("\"abc\"", true)]
    [InlineData("W/\"abc\"", true)]
    [InlineData("*", true)]
    [InlineData("\"x\", W/\"abc\"", true)]
    [InlineData("\"x\"", false)]
    [InlineData("abc", false)]
    [InlineData("\"x\" garbage \"abc\"", false)]
    public void If_none_match_wants_anything_but_this(string header, bool has) =>
        Assert.Equal(has ? ConditionAnswer.NotModified : ConditionAnswer.Proceed, Conditions.Evaluate(new(null, null, header, null), Tag, Modified));

    [Theory]
    [InlineData(Then, true)]
    [InlineData(After, true)]
    [InlineData(Before, false)]
    [InlineData("Friday, 02-Jan-26 03:04:05 GMT", true)]
    [InlineData("Fri Jan  2 03:04:05 2026", true)]
    [InlineData("yesterday", false)]
    public void If_modified_since_counts_seconds(string header, bool unmodified) =>
        Assert.Equal(unmodified ? ConditionAnswer.NotModified : ConditionAnswer.Proceed, Conditions.Evaluate(new(null, null, null, header), Tag, Modified));

    [Theory]
    [InlineData(Then, true)]
    [InlineData(After, true)]
    [InlineData(Before, false)]
    [InlineData("yesterday", true)]
    public void If_unmodified_since_counts_seconds(string header, bool holds) =>
        Assert.Equal(holds ? ConditionAnswer.Proceed : ConditionAnswer.Failed, Conditions.Evaluate(new(null, header, null, null), Tag, Modified));

    [Fact]
    public void A_tag_is_stronger_than_a_date_and_if_match_comes_first()
    {
        Assert.Equal(ConditionAnswer.Proceed, Conditions.Evaluate(new(Tag, Before, null, null), Tag, Modified));
        Assert.Equal(ConditionAnswer.Proceed, Conditions.Evaluate(new(null, null, "\"x\"", After), Tag, Modified));
        Assert.Equal(ConditionAnswer.Failed, Conditions.Evaluate(new("\"x\"", null, Tag, null), Tag, Modified));
        Assert.Equal(ConditionAnswer.NotModified, Conditions.Evaluate(new(Tag, null, Tag, null), Tag, Modified));
        Assert.Equal(ConditionAnswer.Proceed, Conditions.Evaluate(default, Tag, Modified));
        Assert.Equal(ConditionAnswer.Proceed, Conditions.Evaluate(new(null, Before, null, After), Tag, modified: null));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("\"abc\"", true)]
    [InlineData(" \"abc\" ", true)]
    [InlineData("W/\"abc\"", false)]
    [InlineData("\"abd\"", false)]
    [InlineData("\"abc\", \"abd\"", false)]
    [InlineData("*", false)]
    [InlineData("", false)]
    [InlineData(Then, true)]
    [InlineData(Before, false)]
    [InlineData(After, false)]
    [InlineData("soon", false)]
    public void A_range_holds_only_for_what_is_named(string? header, bool holds) => Assert.Equal(holds, Conditions.RangeHolds(header, Tag, Modified));

    [Fact]
    public void A_weak_tag_never_holds_a_range()
    {
        Assert.False(Conditions.RangeHolds("W/\"abc\"", "W/\"abc\"", Modified));
        Assert.False(Conditions.RangeHolds(Then, Tag, modified: null));
        Assert.Equal(ConditionAnswer.Failed, Conditions.Evaluate(new("W/\"abc\"", null, null, null), "W/\"abc\"", null));
        Assert.Equal("\"f00\"", Conditions.Tag("f00"));
    }
}
