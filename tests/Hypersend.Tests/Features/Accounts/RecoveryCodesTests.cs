using Hypersend.Server.Features.Accounts;

namespace Hypersend.Tests.Features.Accounts;

public sealed class RecoveryCodesTests
{
    [Fact]
    public void Ten_codes_are_made_and_no_two_are_equal()
    {
        var codes = RecoveryCodes.New().Concat(RecoveryCodes.New()).ToArray();
        Assert.Equal(20, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$", code));
    }

    [Theory]
    [InlineData("ab01-cd10-efgh-jkmn", "AB01CD10EFGHJKMN")]
    [InlineData("ab01-cd10-efgh-jkmn", " ab0l cdIo efgh-JKMN ")]
    public void A_code_is_known_however_it_was_typed(string made, string typed) =>
        Assert.Equal(RecoveryCodes.Hash(made), RecoveryCodes.Hash(typed));

    [Fact]
    public void Another_code_has_another_hash() =>
        Assert.NotEqual(RecoveryCodes.Hash("ab01-cd10-efgh-jkmn"), RecoveryCodes.Hash("ab01-cd10-efgh-jkmp"));
}
