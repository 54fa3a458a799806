using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Accounts;

/// <summary>
/// Makes and reads refresh tokens: <c>hsr_ base64url(session 16 | generation 4 | secret 32 | tag 16)</c>.
/// A successor is computed from its predecessor, so parallel and repeated refreshes all get the same one.
/// </summary>
internal sealed class RefreshTokens(KeyRing ring)
{
    private const string Prefix = "hsr_";
    private const int SecretAt = 20;
    private const int TagAt = 52;
    private const int Length = 68;
    private readonly IReadOnlyList<SigningKey> _tagKeys = ring.DeriveAll("refresh-tag");
    private readonly IReadOnlyList<SigningKey> _chainKeys = ring.DeriveAll("refresh-chain");

    /// <summary>Generation 0 of a new session.</summary>
    public string First(Guid sessionId)
    {
        Span<byte> secret = stackalloc byte[32];
        RandomNumberGenerator.Fill(secret);
        return Compose(sessionId, 0, secret, _tagKeys[0]);
    }

    public string Successor(RefreshToken t) => Successor(t, 0);

    /// <summary>
    /// The successor that was promised before: while a key is being replaced, the stored hash may belong to one made under
    /// the previous key, and the client must get exactly that one. The current key's when none fits.
    /// </summary>
    public string Successor(RefreshToken t, ReadOnlySpan<byte> storedNextHash)
    {
        for (var i = 0; i < _chainKeys.Count; i++)
        {
            var candidate = Successor(t, i);
            if (CryptographicOperations.FixedTimeEquals(HashOf(candidate), storedNextHash))
                return candidate;
        }
        return Successor(t, 0);
    }

    /// <summary>False for anything we did not make ourselves: the tag is checked, under current and previous keys.</summary>
    public bool TryParse(string text, out RefreshToken token)
    {
        token = null!;
        Span<byte> bytes = stackalloc byte[Length];
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || StrictBase64Url.DecodedLength(text.Length - Prefix.Length) != Length
            || !StrictBase64Url.TryDecode(text.AsSpan(Prefix.Length), bytes, out _))
            return false;
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var key in _tagKeys)
        {
            HMACSHA256.HashData(key.Secret, bytes[..TagAt], mac);
            if (!CryptographicOperations.FixedTimeEquals(mac[..(Length - TagAt)], bytes[TagAt..]))
                continue;
            token = new RefreshToken(
                new Guid(bytes[..16], bigEndian: true),
                BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]),
                bytes[SecretAt..TagAt].ToArray(),
                text);
            return true;
        }
        return false;
    }

    /// <summary>What the database keeps.</summary>
    public static byte[] HashOf(string tokenText) => SHA256.HashData(Encoding.UTF8.GetBytes(tokenText));

    private string Successor(RefreshToken t, int key)
    {
        var generation = checked(t.Generation + 1);
        Span<byte> input = stackalloc byte[TagAt];
        Write(input, t.SessionId, generation, t.Secret);
        Span<byte> secret = stackalloc byte[32];
        HMACSHA256.HashData(_chainKeys[key].Secret, input, secret);
        return Compose(t.SessionId, generation, secret, _tagKeys[key]);
    }

    private static string Compose(Guid sessionId, uint generation, ReadOnlySpan<byte> secret, SigningKey tagKey)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Write(bytes, sessionId, generation, secret);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(tagKey.Secret, bytes[..TagAt], mac);
        mac[..(Length - TagAt)].CopyTo(bytes[TagAt..]);
        return Prefix + StrictBase64Url.Encode(bytes);
    }

    private static void Write(Span<byte> bytes, Guid sessionId, uint generation, ReadOnlySpan<byte> secret)
    {
        sessionId.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], generation);
        secret.CopyTo(bytes[SecretAt..]);
    }
}
