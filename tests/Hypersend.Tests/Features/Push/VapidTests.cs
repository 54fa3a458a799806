using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hypersend.Server.Features.Push;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Tests.Features.Push;

public sealed class VapidTests : IDisposable
{
    private static readonly Uri Endpoint = new("https://push.example.net/send/abc?x=1");

    private readonly ScratchFolder _folder = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_example_of_rfc_8292_is_signed_by_the_key_it_names()
    {
        const string Token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0"
            + ".i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA";

        Assert.True(IsSigned(Token, "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"));
    }

    [Fact]
    public void A_token_names_the_push_service_an_end_within_a_day_and_whom_to_turn_to()
    {
        using var key = VapidKey.Load(null, _folder.Path);

        var (token, named) = Split(Tokens(key).HeaderFor(Endpoint));

        Assert.Equal(key.PublicKey, named);
        Assert.True(IsSigned(token, named));
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
        Assert.Equal("https://push.example.net", claims.RootElement.GetProperty("aud").GetString());
        Assert.Equal("mailto:admin@example.org", claims.RootElement.GetProperty("sub").GetString());
        var left = DateTimeOffset.FromUnixTimeSeconds(claims.RootElement.GetProperty("exp").GetInt64()) - _clock.GetUtcNow();
        Assert.InRange(left, TimeSpan.FromHours(1), TimeSpan.FromHours(24));
    }

    [Fact]
    public void One_token_serves_a_push_service_for_hours_and_never_another_one()
    {
        using var key = VapidKey.Load(null, _folder.Path);
        var tokens = Tokens(key);

        var first = tokens.HeaderFor(Endpoint);

        Assert.Equal(first, tokens.HeaderFor(new Uri("https://push.example.net/send/other")));
        Assert.NotEqual(first, tokens.HeaderFor(new Uri("https://push.example.org/send/abc")));
        _clock.Advance(TimeSpan.FromHours(7));
        Assert.NotEqual(first, tokens.HeaderFor(Endpoint));
    }

    [Fact]
    public void The_key_is_made_once_and_read_by_its_owner_alone()
    {
        using var first = VapidKey.Load(null, _folder.Path);
        using var again = VapidKey.Load(null, _folder.Path);

        Assert.Equal(first.PublicKey, again.PublicKey);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.Path, "vapid.key")));
    }

    [Fact]
    public void A_configured_key_counts_more_than_the_file()
    {
        // The private key of RFC 8291's example, whose public key is known.
        using var key = VapidKey.Load("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", _folder.Path);

        Assert.Equal("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8", key.PublicKey);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("_____________________________________________")]
    public void A_key_that_is_none_stops_the_start_with_a_sentence(string text)
    {
        var refused = Assert.Throws<SecretRefusedException>(() => VapidKey.Load(text, _folder.Path));

        Assert.StartsWith("VAPID_PRIVATE_KEY is not readable", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(text, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_with_the_same_secret_have_the_same_key()
    {
        const string Secret = "a secret of the tests, quite long enough 1234567890";
        using var one = VapidKey.Derived(KeyRing.Load(Secret, null, _folder.Path));
        using var other = VapidKey.Derived(KeyRing.Load(Secret, null, _folder.Path));
        using var stranger = VapidKey.Derived(KeyRing.Load(Secret + "!", null, _folder.Path));

        Assert.Equal(one.PublicKey, other.PublicKey);
        Assert.NotEqual(one.PublicKey, stranger.PublicKey);
    }

    private VapidTokens Tokens(VapidKey key) => new(key, new PushOptions { Contact = "mailto:admin@example.org" }, _clock);

    private static (string Token, string Key) Split(string header)
    {
        Assert.StartsWith("vapid t=", header, StringComparison.Ordinal);
        var parts = header["vapid t=".Length..].Split(", k=");
        return (parts[0], parts[1]);
    }

    private static bool IsSigned(string token, string publicKey)
    {
        var point = Base64Url.DecodeFromChars(publicKey);
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } });
        var dot = token.LastIndexOf('.');
        return key.VerifyData(Encoding.ASCII.GetBytes(token[..dot]), Base64Url.DecodeFromChars(token.AsSpan(dot + 1)), HashAlgorithmName.SHA256);
    }
}
