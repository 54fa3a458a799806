using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Hypersend.Tests.Features.Push;

/// <summary>
/// A browser's side of a subscription: its keys, and the decryption of RFC 8291 and RFC 8188, written from the documents
/// and not from the server's code.
/// </summary>
internal sealed class BrowserKeys : IDisposable
{
    private readonly ECDiffieHellman _key;
    private readonly byte[] _auth;

    public BrowserKeys(ECDiffieHellman? key = null, byte[]? auth = null)
    {
        _key = key ?? ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        _auth = auth ?? RandomNumberGenerator.GetBytes(16);
    }

    public string P256dh => Base64Url.EncodeToString(Point(_key));

    public string Auth => Base64Url.EncodeToString(_auth);

    public byte[] Decrypt(byte[] body)
    {
        var sender = body.AsSpan(21, body[20]).ToArray();
        using var other = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = sender[1..33], Y = sender[33..] },
        });
        var pseudoRandom = HKDF.Extract(HashAlgorithmName.SHA256, _key.DeriveRawSecretAgreement(other.PublicKey), _auth);
        byte[] label = [.. "WebPush: info\0"u8, .. Point(_key), .. sender];
        return DecryptContent(body, HKDF.Expand(HashAlgorithmName.SHA256, pseudoRandom, 32, label));
    }

    /// <summary>aes128gcm of any number of records.</summary>
    public static byte[] DecryptContent(byte[] body, byte[] inputKey)
    {
        var salt = body[..16];
        var recordSize = (int)BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(16));
        var rest = body.AsSpan(21 + body[20]);
        var pseudoRandom = HKDF.Extract(HashAlgorithmName.SHA256, inputKey, salt);
        var key = HKDF.Expand(HashAlgorithmName.SHA256, pseudoRandom, 16, "Content-Encoding: aes128gcm\0"u8.ToArray());
        var nonce = HKDF.Expand(HashAlgorithmName.SHA256, pseudoRandom, 12, "Content-Encoding: nonce\0"u8.ToArray());
        using var aes = new AesGcm(key, 16);
        var text = new List<byte>();
        for (ulong record = 0; rest.Length > 0; record++)
        {
            var size = Math.Min(recordSize, rest.Length);
            var own = (byte[])nonce.Clone();
            BinaryPrimitives.WriteUInt64BigEndian(own.AsSpan(4), BinaryPrimitives.ReadUInt64BigEndian(own.AsSpan(4)) ^ record);
            var plain = new byte[size - 16];
            aes.Decrypt(own, rest[..plain.Length], rest[plain.Length..size], plain);
            rest = rest[size..];
            var end = Array.FindLastIndex(plain, one => one != 0);
            if (plain[end] != (rest.Length == 0 ? 2 : 1))
                throw new CryptographicException("A record ends with the wrong delimiter.");
            text.AddRange(plain[..end]);
        }

        return [.. text];
    }

    public void Dispose() => _key.Dispose();

    private static byte[] Point(ECDiffieHellman key)
    {
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        return [4, .. q.X!, .. q.Y!];
    }
}
