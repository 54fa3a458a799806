using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Platform.Auth;

/// <summary>
/// The bearer token of one upload: it names the file and the session that made it, is good for that file's upload calls
/// only, and dies with the session. So an upload of days needs no token that opens anything else.
/// </summary>
internal sealed class UploadTokens(KeyRing keys, TimeProvider clock)
{
    public const string Prefix = "hsu_";

    private const int IdLength = 16;
    private const int TagLength = 16;
    private const int BodyLength = IdLength + IdLength + sizeof(long);

    private readonly IReadOnlyList<SigningKey> _keys = keys.DeriveAll("upload-token");

    public string Issue(FileId file, SessionId session, DateTimeOffset expiresAt)
    {
        Span<byte> value = stackalloc byte[BodyLength + TagLength];
        file.Value.TryWriteBytes(value, bigEndian: true, out _);
        session.Value.TryWriteBytes(value[IdLength..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(value[(IdLength * 2)..], expiresAt.ToUnixTimeSeconds());
        Sign(value[..BodyLength], _keys[0], value[BodyLength..]);
        return Prefix + Base64Url.EncodeToString(value);
    }

    public bool TryRead(string text, out FileId file, out SessionId session)
    {
        (file, session) = (default, default);
        Span<byte> value = stackalloc byte[BodyLength + TagLength];
        if (text.Length != Prefix.Length + Base64Url.GetEncodedLength(value.Length) || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || !StrictBase64Url.TryDecode(text.AsSpan(Prefix.Length), value, out _))
        {
            return false;
        }

        Span<byte> tag = stackalloc byte[TagLength];
        foreach (var key in _keys)
        {
            Sign(value[..BodyLength], key, tag);
            if (!CryptographicOperations.FixedTimeEquals(tag, value[BodyLength..]))
                continue;
            file = new FileId(new Guid(value[..IdLength], bigEndian: true));
            session = new SessionId(new Guid(value.Slice(IdLength, IdLength), bigEndian: true));
            return BinaryPrimitives.ReadInt64BigEndian(value[(IdLength * 2)..]) > clock.GetUtcNow().ToUnixTimeSeconds();
        }

        return false;
    }

    private static void Sign(ReadOnlySpan<byte> body, SigningKey key, Span<byte> tag)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Secret, body, whole);
        whole[..TagLength].CopyTo(tag);
    }
}
