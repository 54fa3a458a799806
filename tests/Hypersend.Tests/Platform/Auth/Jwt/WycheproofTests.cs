using System.Text.Json;
using Hypersend.Server.Platform.Auth.Jwt;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Tests.Platform.Auth.Jwt;

/// <summary>The JWS vectors of the Wycheproof project.</summary>
public sealed class WycheproofTests
{
    // 367 and 370 are, byte for byte, the valid vector 357: the padding they are named after got lost in the file.
    // 372 and 373 carry a question mark in the base64url and are marked valid; RFC 7515 wants such a token refused, and so do we.
    private static readonly int[] SameAsValid = [367, 370];
    private static readonly int[] LenientDecoding = [372, 373];

    [Fact]
    public void Every_HS256_vector_gives_its_expected_result()
    {
        using var file = SharedData.Json("wycheproof-jws.json");
        var checkedVectors = 0;
        foreach (var group in Groups(file).Where(IsHmac))
        {
            var jwk = group.GetProperty("private");
            var text = jwk.GetProperty("k").GetString()!;
            var secret = new byte[StrictBase64Url.DecodedLength(text.Length)];
            Assert.True(StrictBase64Url.TryDecode(text, secret, out _));
            var key = new SigningKey(jwk.GetProperty("kid").GetString()!, secret);
            foreach (var vector in group.GetProperty("tests").EnumerateArray())
            {
                var number = vector.GetProperty("tcId").GetInt32();
                var expected = SameAsValid.Contains(number)
                    || (vector.GetProperty("result").GetString() == "valid" && !LenientDecoding.Contains(number));
                var actual = HmacJws.TryVerify(Token(vector), [key], null, out _);
                Assert.True(expected == actual, $"vector {number} ({vector.GetProperty("comment").GetString()})");
                checkedVectors++;
            }
        }
        Assert.Equal(40, checkedVectors);
        TestContext.Current.TestOutputHelper!.WriteLine($"{checkedVectors} vectors of HS256: each as it has to be");
    }

    [Fact]
    public void Every_vector_of_another_algorithm_is_refused()
    {
        using var file = SharedData.Json("wycheproof-jws.json");
        var checkedVectors = 0;
        foreach (var group in Groups(file).Where(group => !IsHmac(group)))
        {
            // The classic confusion: the public key's own text as an HMAC key.
            var jwk = group.GetProperty("private");
            var id = jwk.GetProperty("kid").GetString()!;
            SigningKey[] keys =
            [
                new(id, System.Text.Encoding.UTF8.GetBytes(jwk.GetProperty(jwk.TryGetProperty("n", out _) ? "n" : "x").GetString()!)),
            ];
            foreach (var vector in group.GetProperty("tests").EnumerateArray())
            {
                Assert.False(HmacJws.TryVerify(Token(vector), keys, null, out _), $"vector {vector.GetProperty("tcId").GetInt32()}");
                checkedVectors++;
            }
        }
        Assert.Equal(361, checkedVectors);
    }

    private static JsonElement.ArrayEnumerator Groups(JsonDocument file) => file.RootElement.GetProperty("testGroups").EnumerateArray();

    private static bool IsHmac(JsonElement group) => group.GetProperty("private").GetProperty("kty").GetString() == "oct";

    private static string Token(JsonElement vector)
    {
        var jws = vector.GetProperty("jws");
        return jws.ValueKind == JsonValueKind.String ? jws.GetString()! : jws.GetRawText();
    }
}
