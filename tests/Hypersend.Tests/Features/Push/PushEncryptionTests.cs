using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Server.Features.Push;

namespace Hypersend.Tests.Features.Push;

/// <summary>The vectors of RFC 8188 and of RFC 8291's appendix, and what the server encrypts read by other code.</summary>
public sealed class PushEncryptionTests
{
    private const string Melon = "When I grow up, I want to be a watermelon";
    private const string ServerPrivate = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    private const string ServerPublic = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
    private const string BrowserPrivate = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
    private const string BrowserPublic = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private const string Auth = "BTBZMqHH6r4Tts7J_aSIgg";
    private const string Salt = "DGv6ra1nlYgDCS1FRnbzlw";
    private const string Body =
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        + "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    [Fact]
    public void The_example_of_rfc_8291_comes_out_byte_for_byte()
    {
        using var server = KeyOf(ServerPrivate, ServerPublic);
        var keys = SubscriptionKeys.Read(BrowserPublic, Auth)!;

        var body = PushEncryption.Encrypt(Encoding.ASCII.GetBytes(Melon), keys, server, Read(Salt), paddedTo: 0);

        Assert.Equal(Body, Base64Url.EncodeToString(body));
    }

    [Fact]
    public void The_first_example_of_rfc_8188_comes_out_byte_for_byte()
    {
        var body = EncryptedContent.Encode("I am the walrus"u8, Read("yqdlZ-tYemfogSmv7Ws5PQ"), Read("I1BsxtFttlv3u_Oo94xnmw"), []);

        Assert.Equal("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg", Base64Url.EncodeToString(body));
    }

    [Theory]
    [InlineData("yqdlZ-tYemfogSmv7Ws5PQ", "I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg")]
    [InlineData("BO3ZVPxUlnLORbVGMpbT1Q", "uNCkWiNYzKTnBN9ji3-qWAAAABkCYTHOG8chz_gnvgOqdGYovxyjuqRyJFjEDyoF1Fvkj6hQPdPHI51OEUKEpgz3SsLWIqS_uA")]
    public void The_tests_own_reader_reads_the_examples_of_rfc_8188(string key, string body) =>
        Assert.Equal("I am the walrus", Encoding.ASCII.GetString(BrowserKeys.DecryptContent(Read(body), Read(key))));

    [Fact]
    public void The_tests_own_reader_reads_the_example_of_rfc_8291()
    {
        using var browser = new BrowserKeys(KeyOf(BrowserPrivate, BrowserPublic), Read(Auth));

        Assert.Equal(Melon, Encoding.ASCII.GetString(browser.Decrypt(Read(Body))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(3992)]
    [InlineData(3993)]
    public void Any_length_is_read_by_the_browser_it_is_for_and_fits_what_push_services_take(int length)
    {
        using var browser = new BrowserKeys();
        var text = RandomNumberGenerator.GetBytes(length);

        var body = PushEncryption.Encrypt(text, SubscriptionKeys.Read(browser.P256dh, browser.Auth)!);

        Assert.Equal(text, browser.Decrypt(body));
        Assert.InRange(body.Length, 0, 4096);
    }

    [Fact]
    public void Texts_of_nearly_the_same_length_look_equally_long()
    {
        using var browser = new BrowserKeys();
        var keys = SubscriptionKeys.Read(browser.P256dh, browser.Auth)!;

        Assert.Equal(PushEncryption.Encrypt(new byte[10], keys).Length, PushEncryption.Encrypt(new byte[250], keys).Length);
    }

    [Fact]
    public void The_same_text_twice_shares_neither_key_nor_salt()
    {
        using var browser = new BrowserKeys();
        var keys = SubscriptionKeys.Read(browser.P256dh, browser.Auth)!;

        var (one, other) = (PushEncryption.Encrypt("same"u8, keys), PushEncryption.Encrypt("same"u8, keys));

        Assert.NotEqual(one[..16], other[..16]);
        Assert.NotEqual(one[21..86], other[21..86]);
    }

    [Theory]
    [InlineData("", Auth)]
    [InlineData(BrowserPublic, "")]
    [InlineData(BrowserPublic, "BTBZMqHH6r4Tts7J_aSI")]
    [InlineData("not base64url!", Auth)]
    // A byte of y changed: not on the curve.
    [InlineData("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw8", Auth)]
    // A compressed point.
    [InlineData("AiVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx", Auth)]
    public void Keys_that_nothing_can_be_encrypted_for_are_refused(string p256dh, string auth) =>
        Assert.Null(SubscriptionKeys.Read(p256dh, auth));

    [Fact]
    public void Padded_base64_is_understood_too() =>
        Assert.NotNull(SubscriptionKeys.Read(BrowserPublic + "=", Auth.Replace('_', '/').Replace('-', '+') + "=="));

    private static byte[] Read(string text) => Base64Url.DecodeFromChars(text);

    private static ECDiffieHellman KeyOf(string scalar, string point) => ECDiffieHellman.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        D = Read(scalar),
        Q = new ECPoint { X = Read(point)[1..33], Y = Read(point)[33..] },
    });
}
