using System.Buffers.Text;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Platform.Auth;

/// <summary>
/// The cookie by which <c>&lt;img&gt;</c> and <c>&lt;video&gt;</c> get in: names the session, good for reading media only,
/// and dies with the session like every other token.
/// </summary>
internal sealed class MediaCookies(KeyRing keys)
{
    public const string Name = "hs_media";

    private const int IdLength = 16;
    private const int TagLength = 16;

    private readonly IReadOnlyList<SigningKey> _keys = keys.DeriveAll("media-cookie");

    public string For(SessionId session)
    {
        Span<byte> value = stackalloc byte[IdLength + TagLength];
        session.Value.TryWriteBytes(value, bigEndian: true, out _);
        Sign(value[..IdLength], _keys[0], value[IdLength..]);
        return Base64Url.EncodeToString(value);
    }

    public bool TryRead(string text, out SessionId session)
    {
        session = default;
        Span<byte> value = stackalloc byte[IdLength + TagLength];
        if (text.Length != Base64Url.GetEncodedLength(value.Length) || !StrictBase64Url.TryDecode(text, value, out _))
            return false;
        Span<byte> tag = stackalloc byte[TagLength];
        foreach (var key in _keys)
        {
            Sign(value[..IdLength], key, tag);
            if (!CryptographicOperations.FixedTimeEquals(tag, value[IdLength..]))
                continue;
            session = new SessionId(new Guid(value[..IdLength], bigEndian: true));
            return true;
        }

        return false;
    }

    private static void Sign(ReadOnlySpan<byte> id, SigningKey key, Span<byte> tag)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Secret, id, whole);
        whole[..TagLength].CopyTo(tag);
    }
}
