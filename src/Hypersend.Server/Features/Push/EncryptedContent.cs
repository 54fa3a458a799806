using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hypersend.Server.Features.Push;

/// <summary>The content coding aes128gcm (RFC 8188), as far as push needs it: one record.</summary>
internal static class EncryptedContent
{
    public const int SaltBytes = 16;
    private const int TagBytes = 16;
    private const int RecordSize = 4096;
    private const byte LastRecord = 2;

    /// <summary>Salt, record size, key id, then the one record: the text, a delimiter, zeros up to the padding.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> text, ReadOnlySpan<byte> inputKey, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> keyId, int paddedTo = 0)
    {
        Span<byte> key = stackalloc byte[16];
        Span<byte> nonce = stackalloc byte[12];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, inputKey, key, salt, "Content-Encoding: aes128gcm\0"u8);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, inputKey, nonce, salt, "Content-Encoding: nonce\0"u8);

        var head = SaltBytes + sizeof(uint) + 1 + keyId.Length;
        var plain = new byte[Math.Max(text.Length, paddedTo) + 1];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.Length + TagBytes, RecordSize, nameof(text));
        text.CopyTo(plain);
        plain[text.Length] = LastRecord;

        var body = new byte[head + plain.Length + TagBytes];
        salt.CopyTo(body);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(SaltBytes), RecordSize);
        body[SaltBytes + sizeof(uint)] = (byte)keyId.Length;
        keyId.CopyTo(body.AsSpan(head - keyId.Length));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, body.AsSpan(head, plain.Length), body.AsSpan(head + plain.Length));
        return body;
    }
}
