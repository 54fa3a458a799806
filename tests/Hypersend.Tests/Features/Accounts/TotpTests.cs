using System.Text;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Tests.Features.Accounts;

public sealed class TotpTests
{
    private static readonly string Secret = Base32.Encode("12345678901234567890"u8, Base32.Standard);

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void The_vectors_of_RFC_6238_come_out(long seconds, string code)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        Assert.Equal(code, Totp.CodeAt(Secret, at));
        Assert.Equal(seconds / 30, Totp.MatchStep(Secret, code, at, -1));
    }

    [Fact]
    public void A_code_is_good_for_one_step_before_and_after_and_no_more()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        foreach (var (shift, good) in new[] { (-60, false), (-30, true), (0, true), (30, true), (60, false) })
        {
            var step = Totp.MatchStep(Secret, Totp.CodeAt(Secret, now.AddSeconds(shift)), now, 0);
            Assert.Equal(good ? (1_800_000_000 + shift) / 30 : null, step);
        }
    }

    [Fact]
    public void A_used_step_and_every_step_before_it_are_refused()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var code = Totp.CodeAt(Secret, now);
        var step = Totp.MatchStep(Secret, code, now, 0)!.Value;
        Assert.Null(Totp.MatchStep(Secret, code, now, step));
        Assert.Null(Totp.MatchStep(Secret, Totp.CodeAt(Secret, now.AddSeconds(-30)), now, step));
        Assert.Equal(step + 1, Totp.MatchStep(Secret, Totp.CodeAt(Secret, now.AddSeconds(30)), now, step));
        Assert.Null(Totp.MatchStep(Secret, code, now, step + Totp.FarAhead));
        Assert.Equal(step, Totp.MatchStep(Secret, code, now, step + Totp.FarAhead + 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("28708")]
    [InlineData("2870820")]
    [InlineData("٢٨٧٠٨٢")]
    [InlineData("28708x")]
    public void What_is_not_six_digits_is_no_code(string code) =>
        Assert.Null(Totp.MatchStep(Secret, code, DateTimeOffset.FromUnixTimeSeconds(59), -1));

    [Fact]
    public void Spaces_are_forgiven_and_a_broken_secret_matches_nothing()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(59);
        Assert.Equal(1, Totp.MatchStep(Secret, " 287 082 ", at, -1));
        Assert.Null(Totp.MatchStep("not base32!", "287082", at, -1));
        Assert.Null(Totp.MatchStep("", "287082", at, -1));
    }

    [Fact]
    public void A_new_secret_has_160_bits_and_its_uri_names_issuer_and_account()
    {
        var secret = Totp.NewSecret();
        Assert.Matches("^[A-Z2-7]{32}$", secret);
        Assert.NotEqual(secret, Totp.NewSecret());
        Assert.Equal(
            $"otpauth://totp/My%20Server:ana%40example.org?secret={secret}&issuer=My%20Server&algorithm=SHA1&digits=6&period=30",
            Totp.Uri("My Server", "ana@example.org", secret));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void The_base32_vectors_of_RFC_4648_go_both_ways(string plain, string encoded)
    {
        Assert.Equal(encoded, Base32.Encode(Encoding.ASCII.GetBytes(plain), Base32.Standard));
        Assert.Equal(plain, Encoding.ASCII.GetString(Base32.Decode(encoded, Base32.Standard)!));
    }
}
