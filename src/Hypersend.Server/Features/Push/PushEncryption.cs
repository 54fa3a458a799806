using System.Security.Cryptography;

namespace Hypersend.Server.Features.Push;

/// <summary>Encrypts for one browser (RFC 8291): the push service in between learns the length and nothing else.</summary>
internal static class PushEncryption
{
    /// <summary>The longest text that every push service takes.</summary>
    public const int MostBytes = 3993;

    // The length says something too; it is told in steps only.
    private const int Step = 256;

    public static byte[] Encrypt(ReadOnlySpan<byte> text, SubscriptionKeys to)
    {
        Span<byte> salt = stackalloc byte[EncryptedContent.SaltBytes];
        RandomNumberGenerator.Fill(salt);
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var padded = Math.Min((text.Length + Step - 1) / Step * Step, MostBytes);
        return Encrypt(text, to, own, salt, padded);
    }

    /// <summary>With a given key pair and salt, which must serve no second text.</summary>
    public static byte[] Encrypt(ReadOnlySpan<byte> text, SubscriptionKeys to, ECDiffieHellman own, ReadOnlySpan<byte> salt, int paddedTo)
    {
        using var browser = ECDiffieHellman.Create(P256.PublicKey(to.P256dh));
        var point = P256.Point(own.ExportParameters(includePrivateParameters: false));
        var shared = own.DeriveRawSecretAgreement(browser.PublicKey);
        Span<byte> inputKey = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, inputKey, to.Auth, (byte[])[.. "WebPush: info\0"u8, .. to.P256dh, .. point]);
        return EncryptedContent.Encode(text, inputKey, salt, point, paddedTo);
    }
}
