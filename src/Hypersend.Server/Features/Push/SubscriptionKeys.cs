using System.Security.Cryptography;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Push;

/// <summary>What a browser gave to encrypt for it: its public key on P-256, and a secret that the push service does not know.</summary>
internal sealed record SubscriptionKeys(byte[] P256dh, byte[] Auth)
{
    public const int AuthBytes = 16;

    /// <summary>Null when they are not a point of the curve and 16 bytes.</summary>
    public static SubscriptionKeys? Read(string p256dh, string auth)
    {
        if (Decode(p256dh) is not { Length: P256.PointBytes } point || Decode(auth) is not { Length: AuthBytes } secret)
            return null;
        try
        {
            using var key = ECDiffieHellman.Create(P256.PublicKey(point));
            return new SubscriptionKeys(point, secret);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    // Some browsers' libraries pad what should be bare.
    private static byte[]? Decode(string text)
    {
        var bare = text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var bytes = new byte[StrictBase64Url.DecodedLength(bare.Length)];
        return StrictBase64Url.TryDecode(bare, bytes, out var written) && written == bytes.Length ? bytes : null;
    }
}
