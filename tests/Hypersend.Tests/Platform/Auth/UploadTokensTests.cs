using System.Buffers.Text;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Tests.Platform.Secrets;

namespace Hypersend.Tests.Platform.Auth;

public sealed class UploadTokensTests
{
    private static readonly FileId File = new(new Guid("01900000-0000-7000-8000-000000000001"));
    private static readonly SessionId Session = new(new Guid("01900000-0000-7000-8000-00000000000a"));
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_token_names_its_upload_and_its_session_until_it_expires()
    {
        var tokens = new UploadTokens(Keys(KeyRingTests.Secret), _clock);
        var token = tokens.Issue(File, Session, _clock.GetUtcNow().AddHours(480));
        Assert.Matches("^hsu_[A-Za-z0-9_-]{75}$", token);
        Assert.True(tokens.TryRead(token, out var file, out var session));
        Assert.Equal((File, Session), (file, session));

        _clock.Advance(TimeSpan.FromHours(480) - TimeSpan.FromTicks(1));
        Assert.True(tokens.TryRead(token, out _, out _));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(tokens.TryRead(token, out _, out _));
    }

    [Fact]
    public void No_bit_of_it_can_be_another()
    {
        var tokens = new UploadTokens(Keys(KeyRingTests.Secret), _clock);
        var token = tokens.Issue(File, Session, _clock.GetUtcNow().AddHours(1));
        var bytes = Base64Url.DecodeFromChars(token.AsSpan(UploadTokens.Prefix.Length));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(tokens.TryRead(UploadTokens.Prefix + Base64Url.EncodeToString(bytes), out _, out _), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }
        for (var at = 0; at < token.Length; at++)
        {
            foreach (var other in "Aa0-_=+/ \n\0é")
                Assert.Equal(other == token[at], tokens.TryRead($"{token[..at]}{other}{token[(at + 1)..]}", out _, out _));
        }
    }

    [Fact]
    public void No_other_length_or_beginning_is_read()
    {
        var tokens = new UploadTokens(Keys(KeyRingTests.Secret), _clock);
        var token = tokens.Issue(File, Session, _clock.GetUtcNow().AddHours(1));
        foreach (var wrong in new[] { "", UploadTokens.Prefix, token[..^1], token[..^4], token + "A", token + "AAAA", token + "=", " " + token, token[4..], "hsr_" + token[4..], "HSU_" + token[4..], new string('A', 100_000) })
            Assert.False(tokens.TryRead(wrong, out _, out _));
    }

    [Fact]
    public void A_previous_key_still_counts_and_a_strange_one_does_not()
    {
        var old = new UploadTokens(Keys(KeyRingTests.OtherSecret), _clock).Issue(File, Session, _clock.GetUtcNow().AddHours(1));
        Assert.True(new UploadTokens(Keys(KeyRingTests.Secret, KeyRingTests.OtherSecret), _clock).TryRead(old, out var file, out var session));
        Assert.Equal((File, Session), (file, session));
        Assert.False(new UploadTokens(Keys(KeyRingTests.Secret), _clock).TryRead(old, out _, out _));
    }

    [Fact]
    public void A_token_of_another_purpose_is_none()
    {
        var keys = Keys(KeyRingTests.Secret);
        var cookie = new MediaCookies(keys).For(Session);
        Assert.False(new UploadTokens(keys, _clock).TryRead(UploadTokens.Prefix + cookie, out _, out _));
        Assert.False(new MediaCookies(keys).TryRead(new UploadTokens(keys, _clock).Issue(File, Session, _clock.GetUtcNow().AddHours(1)), out _));
    }

    private static KeyRing Keys(string secret, string? previous = null) => KeyRing.Load(secret, previous, "");
}
