using Hypersend.Server.Platform.Auth.Passwords;

namespace Hypersend.Tests.Platform.Auth.Passwords;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("ünïcödé!")]
    [InlineData("👩🦰👍🎉🙂🚀🌍😀")]
    [InlineData("        x")]
    [InlineData("xK9#mQ2v")]
    public void A_fair_password_has_no_problem(string password) => Assert.Null(PasswordRules.Problem(password, "ana", "ana@example.org"));

    [Theory]
    [InlineData("1234567")]
    [InlineData("👍🎉🙂🚀🌍😀👩")]
    [InlineData("")]
    [InlineData("password")]
    [InlineData("PassWord123")]
    [InlineData("12345678")]
    [InlineData("qwertyuiop")]
    [InlineData("iloveyou")]
    [InlineData("nul\0inside")]
    [InlineData("Ana.Martinez")]
    [InlineData("ANA@example.ORG")]
    [InlineData("postmaster")]
    public void A_bad_password_has_words_that_does_not_repeat_it(string password)
    {
        var problem = PasswordRules.Problem(password, "ana.martinez", "ana@example.org", "Postmaster@example.org", null, "");
        Assert.Matches("^(must|is) [a-z].*[^.]$", problem);
        if (password.Length > 0 && password != "password")
            Assert.DoesNotContain(password, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Length_counts_code_points_up_to_1024()
    {
        var long1024 = string.Concat(Enumerable.Repeat("👍a", 512));
        Assert.Null(PasswordRules.Problem(long1024));
        Assert.NotNull(PasswordRules.Problem(long1024 + "b"));
        Assert.NotNull(PasswordRules.Problem("lone half \uD83D"));
    }
}
