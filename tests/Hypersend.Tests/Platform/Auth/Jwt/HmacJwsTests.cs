using System.Security.Cryptography;
using System.Text;
using Hypersend.Server.Platform.Auth.Jwt;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Tests.Platform.Auth.Jwt;

public sealed class HmacJwsTests
{
    private static readonly SigningKey Key = new("k1", RandomNumberGenerator.GetBytes(32));
    private static readonly SigningKey Other = new("k2", RandomNumberGenerator.GetBytes(32));
    private static readonly byte[] Payload = "{\"a\":1}"u8.ToArray();

    [Fact]
    public void A_signed_payload_is_verified_and_returned()
    {
        var token = HmacJws.Sign(Payload, Key, "at+jwt");
        Assert.True(HmacJws.TryVerify(token, [Other, Key], "at+jwt", out var payload));
        Assert.Equal(Payload, payload);
        Assert.Equal("""{"alg":"HS256","kid":"k1","typ":"at+jwt"}""", Decode(token.Split('.')[0]));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    [InlineData("NONE")]
    [InlineData("hs256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [InlineData("PS256")]
    [InlineData("HS256 ")]
    [InlineData("")]
    public void Only_HS256_spelled_so_is_an_algorithm(string algorithm)
    {
        var header = $$"""{"alg":"{{algorithm}}","kid":"k1","typ":"at+jwt"}""";
        Assert.False(Verifies(Forge(header, Key)));
        Assert.False(Verifies(Forge(header, Key)[..^43]));
    }

    [Theory]
    [InlineData("""{"kid":"k1","typ":"at+jwt"}""")]
    [InlineData("""{"alg":null,"kid":"k1","typ":"at+jwt"}""")]
    [InlineData("""{"alg":["HS256"],"kid":"k1","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","alg":"HS256","kid":"k1","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","\u0061lg":"HS256","kid":"k1","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"at+jwt","x":1,"x":1}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"at+jwt","x":1,"\u0078":1}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","kid":"k1","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"at+jwt","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"at+jwt","crit":["exp"]}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"at+jwt","crit":[]}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"at+jwt","b64":false,"crit":["b64"]}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":1}""")]
    [InlineData("""{"alg":"HS256","kid":"k1"}""")]
    [InlineData("""{"alg":"HS256","kid":"k3","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","kid":"../../k1","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","kid":"/dev/null","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","kid":"k1\u0000","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","kid":"' OR 1=1","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","kid":["k1"],"typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","kid":null,"typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"at+jwt"}{}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"at+jwt",}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"at+jwt"/**/}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"at+jwt","\ud800":1}""")]
    [InlineData("""["HS256"]""")]
    [InlineData("HS256")]
    [InlineData("")]
    public void A_header_that_is_not_as_we_write_it_is_refused_even_when_signed(string header) =>
        Assert.False(HmacJws.TryVerify(Forge(header, Key), [Key, Other], "at+jwt", out _));

    [Theory]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"at+jwt","jku":"https://evil.example/keys"}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"at+jwt","x5u":"https://evil.example/cert"}""")]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"at+jwt","jwk":{"kty":"oct","k":"AAAA"}}""")]
    public void Keys_that_a_token_brings_are_ignored(string header)
    {
        Assert.True(Verifies(Forge(header, Key)));
        Assert.False(Verifies(Forge(header, new SigningKey("k1", [0, 0, 0]))));
    }

    [Fact]
    public void Without_a_key_id_the_set_must_have_one_key()
    {
        var token = Forge("""{"alg":"HS256"}""", Key);
        Assert.True(HmacJws.TryVerify(token, [Key], null, out _));
        Assert.False(HmacJws.TryVerify(token, [Key, Other], null, out _));
        Assert.False(HmacJws.TryVerify(token, [], null, out _));
    }

    [Fact]
    public void A_key_id_does_not_open_what_another_key_signed()
    {
        Assert.False(HmacJws.TryVerify(Forge("""{"alg":"HS256","kid":"k2"}""", Key), [Key, Other], null, out _));
    }

    [Fact]
    public void Every_changed_character_every_cut_and_every_extra_dot_is_refused()
    {
        var token = HmacJws.Sign(Payload, Key, "at+jwt");
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= +/\nÀ\0";
        for (var i = 0; i < token.Length; i++)
        {
            foreach (var letter in Letters.Where(letter => letter != token[i]))
                Assert.False(Verifies(token[..i] + letter + token[(i + 1)..]), $"{letter} at {i}");
            Assert.False(Verifies(token[..i]));
            Assert.False(Verifies(token.Insert(i, ".")));
            Assert.False(Verifies(token.Insert(i, " ")));
        }
        foreach (var bad in new[] { token + ".", token + "=", "." + token, token + " ", "\t" + token, token + ".x", "..", ".", "" })
            Assert.False(Verifies(bad));
    }

    [Fact]
    public void A_token_over_four_KiB_is_refused()
    {
        Assert.True(Verifies(HmacJws.Sign(new byte[2900], Key, "at+jwt")));
        Assert.False(Verifies(HmacJws.Sign(new byte[3072], Key, "at+jwt")));
    }

    internal static string Forge(string header, SigningKey key, string payload = "{}")
    {
        var text = $"{StrictBase64Url.Encode(Encoding.UTF8.GetBytes(header))}.{StrictBase64Url.Encode(Encoding.UTF8.GetBytes(payload))}";
        return $"{text}.{StrictBase64Url.Encode(HMACSHA256.HashData(key.Secret, Encoding.ASCII.GetBytes(text)))}";
    }

    private static bool Verifies(string token) => HmacJws.TryVerify(token, [Key, Other], "at+jwt", out _);

    private static string Decode(string text)
    {
        var bytes = new byte[StrictBase64Url.DecodedLength(text.Length)];
        Assert.True(StrictBase64Url.TryDecode(text, bytes, out _));
        return Encoding.UTF8.GetString(bytes);
    }
}
