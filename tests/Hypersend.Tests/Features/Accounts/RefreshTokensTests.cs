using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Tests.Platform.Secrets;

namespace Hypersend.Tests.Features.Accounts;

public sealed class RefreshTokensTests
{
    private static readonly Guid Session = new("018f0000-0000-7000-8000-000000000002");
    private readonly RefreshTokens _tokens = new(KeyRing.Load(KeyRingTests.Secret, null, "unused"));

    [Fact]
    public void A_token_says_its_session_and_generation_and_hides_its_secret()
    {
        var text = _tokens.First(Session);
        Assert.Matches("^hsr_[A-Za-z0-9_-]{91}$", text);
        Assert.True(_tokens.TryParse(text, out var token));
        Assert.Equal((Session, 0u, text), (token.SessionId, token.Generation, token.Text));
        Assert.Equal(32, token.Secret.Length);
        Assert.Equal($"RefreshToken {Session}/0", $"{token}");
        Assert.NotEqual(text, _tokens.First(Session));
    }

    [Fact]
    public void Parallel_refreshes_get_the_same_successor_and_chains_differ()
    {
        var first = Parse(_tokens.First(Session));
        var successors = Enumerable.Range(0, 100).AsParallel().Select(_ => _tokens.Successor(first)).Distinct().ToArray();
        var next = Parse(Assert.Single(successors));
        Assert.Equal((Session, 1u), (next.SessionId, next.Generation));
        Assert.NotEqual(first.Secret, next.Secret);
        Assert.NotEqual(_tokens.Successor(Parse(_tokens.First(Session))), next.Text);
    }

    [Fact]
    public void Every_changed_character_every_cut_and_every_other_spelling_is_refused()
    {
        var text = _tokens.First(Session);
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=. ";
        for (var i = 0; i < text.Length; i++)
        {
            foreach (var letter in Letters.Where(letter => letter != text[i]))
                Assert.False(_tokens.TryParse(text[..i] + letter + text[(i + 1)..], out _));
            Assert.False(_tokens.TryParse(text[..i], out _));
            Assert.False(_tokens.TryParse(text.Insert(i, " "), out _));
        }
        Assert.False(_tokens.TryParse(text + "=", out _));
        Assert.False(_tokens.TryParse(text + "\n", out _));
        Assert.False(_tokens.TryParse(text + text, out _));
        Assert.False(_tokens.TryParse("", out _));
        Assert.False(_tokens.TryParse(new string('A', 100_000), out _));
    }

    [Fact]
    public void After_a_change_of_key_the_promised_successor_is_still_the_one_given()
    {
        var stored = Parse(_tokens.First(Session));
        var promised = _tokens.Successor(stored);
        var rotated = new RefreshTokens(KeyRing.Load(KeyRingTests.OtherSecret, KeyRingTests.Secret, "unused"));
        Assert.True(rotated.TryParse(stored.Text, out var presented));
        Assert.NotEqual(promised, rotated.Successor(presented));
        Assert.Equal(promised, rotated.Successor(presented, RefreshTokens.HashOf(promised)));
        Assert.True(rotated.TryParse(promised, out _));
        Assert.Equal(rotated.Successor(presented), rotated.Successor(presented, new byte[32]));
        Assert.False(new RefreshTokens(KeyRing.Load(KeyRingTests.OtherSecret, null, "unused")).TryParse(stored.Text, out _));
    }

    private RefreshToken Parse(string text)
    {
        Assert.True(_tokens.TryParse(text, out var token));
        return token;
    }
}
