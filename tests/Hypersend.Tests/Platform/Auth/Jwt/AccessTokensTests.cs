using Hypersend.Server.Platform.Auth.Jwt;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Tests.Platform.Secrets;

namespace Hypersend.Tests.Platform.Auth.Jwt;

public sealed class AccessTokensTests
{
    private static readonly Guid User = new("018f0000-0000-7000-8000-000000000001");
    private static readonly Guid Session = new("018f0000-0000-7000-8000-000000000002");
    private readonly ManualClock _clock = new();
    private readonly KeyRing _ring = KeyRing.Load(KeyRingTests.Secret, null, "unused");
    private readonly AccessTokens _tokens;

    public AccessTokensTests() => _tokens = new AccessTokens(_ring, _clock, TimeSpan.FromMinutes(15));

    [Fact]
    public void An_issued_token_reads_back()
    {
        var token = _tokens.Issue(User, Session, "admin", out var expiresAt);
        Assert.True(_tokens.TryRead(token, out var claims));
        Assert.Equal(new AccessClaims(User, Session, "admin", _clock.GetUtcNow(), expiresAt), claims);
        Assert.Equal(_clock.GetUtcNow().AddMinutes(15), expiresAt);
        Assert.NotEqual(token, _tokens.Issue(User, Session, "admin", out _));
    }

    [Fact]
    public void A_token_dies_thirty_seconds_after_its_expiry_and_still_logs_out()
    {
        var token = _tokens.Issue(User, Session, "user", out _);
        _clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(29));
        Assert.True(_tokens.TryRead(token, out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_tokens.TryRead(token, out var claims));
        Assert.Null(claims);
        Assert.True(_tokens.TryReadExpired(token, out claims));
        Assert.Equal(Session, claims!.SessionId);
    }

    [Fact]
    public void A_token_from_the_future_is_refused_beyond_thirty_seconds()
    {
        var ahead = new AccessTokens(_ring, new ManualClock(_clock.GetUtcNow().AddSeconds(31)), TimeSpan.FromMinutes(15));
        var slightlyAhead = new AccessTokens(_ring, new ManualClock(_clock.GetUtcNow().AddSeconds(30)), TimeSpan.FromMinutes(15));
        Assert.False(_tokens.TryRead(ahead.Issue(User, Session, "user", out _), out _));
        Assert.False(_tokens.TryReadExpired(ahead.Issue(User, Session, "user", out _), out _));
        Assert.True(_tokens.TryRead(slightlyAhead.Issue(User, Session, "user", out _), out _));
    }

    [Fact]
    public void A_token_of_the_previous_key_is_read_one_of_a_foreign_key_is_not()
    {
        var token = _tokens.Issue(User, Session, "user", out _);
        var rotated = new AccessTokens(KeyRing.Load(KeyRingTests.OtherSecret, KeyRingTests.Secret, "unused"), _clock, TimeSpan.FromMinutes(15));
        var foreign = new AccessTokens(KeyRing.Load(KeyRingTests.OtherSecret, null, "unused"), _clock, TimeSpan.FromMinutes(15));
        Assert.True(rotated.TryRead(token, out _));
        Assert.False(foreign.TryRead(token, out _));
    }

    [Theory]
    [InlineData("\"iss\":\"hypersend\"", "\"iss\":\"hypersend2\"")]
    [InlineData("\"aud\":\"hypersend\"", "\"aud\":\"other\"")]
    [InlineData("\"aud\":\"hypersend\"", "\"aud\":[\"hypersend\"]")]
    [InlineData("\"iss\":\"hypersend\",", "")]
    [InlineData(",\"aud\":\"hypersend\"", "")]
    [InlineData("\"exp\":1767324845,", "")]
    [InlineData("\"exp\":1767324845", "\"exp\":\"1767324845\"")]
    [InlineData("\"exp\":1767324845", "\"exp\":1767324845.5")]
    [InlineData("\"exp\":1767324845", "\"exp\":99999999999999")]
    [InlineData("\"exp\":1767324845", "\"exp\":-1")]
    [InlineData("\"exp\":1767324845", "\"exp\":1767324845,\"exp\":1767324846")]
    [InlineData("\"exp\":1767324845", "\"exp\":null")]
    [InlineData("\"sub\":\"018f0000-0000-7000-8000-000000000001\"", "\"sub\":\"018f0000-0000-7000-8000-000000000009\"")]
    [InlineData("\"sub\":\"018f0000-0000-7000-8000-000000000001\"", "\"sub\":\"me\"")]
    [InlineData("\"role\":\"user\"", "\"role\":5")]
    [InlineData("\"role\":\"user\"", "\"role\":\"\\ud800\"")]
    [InlineData("{", "[")]
    [InlineData("}", "")]
    [InlineData("}", "} {}")]
    public void A_signed_token_with_a_wrong_claim_is_refused(string right, string wrong)
    {
        var good = """{"sub":"018f0000-0000-7000-8000-000000000001","user_id":"018f0000-0000-7000-8000-000000000001","""
            + "\"sid\":\"018f0000-0000-7000-8000-000000000002\",\"role\":\"user\",\"iat\":1767323045,\"exp\":1767324845,"
            + "\"iss\":\"hypersend\",\"aud\":\"hypersend\"}";
        Assert.True(_tokens.TryRead(Forge(good), out _));
        Assert.False(_tokens.TryRead(Forge(good.Replace(right, wrong, StringComparison.Ordinal)), out _));
        Assert.False(_tokens.TryReadExpired(Forge(good.Replace(right, wrong, StringComparison.Ordinal)), out _));
    }

    [Fact]
    public void A_token_of_another_type_or_purpose_is_refused()
    {
        var key = _ring.Derive("access-token");
        Assert.False(_tokens.TryRead(HmacJws.Sign("{}"u8, key, "JWT"), out _));
        var other = _ring.Derive("upload-token");
        Assert.False(_tokens.TryRead(HmacJws.Sign("{}"u8, other with { Id = key.Id }, AccessTokens.Type), out _));
    }

    private string Forge(string payload)
    {
        var key = _ring.Derive("access-token");
        return HmacJwsTests.Forge($$"""{"alg":"HS256","kid":"{{key.Id}}","typ":"at+jwt"}""", key, payload);
    }
}
