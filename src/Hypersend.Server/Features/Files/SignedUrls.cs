using System.Buffers.Binary;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Files;

/// <summary>
/// The signature in an address by which a browser's own download manager gets one file: it names the session for which it
/// was made, and is good for that file only and until it expires. It is no right by itself; the session is asked each time.
/// </summary>
internal sealed class SignedUrls(KeyRing keys, TimeProvider clock)
{
    /// <summary>How many characters a signature has.</summary>
    public const int TextLength = 48;

    private const int IdLength = 16;
    private const int TagLength = 16;
    private const int TagAt = IdLength + sizeof(uint);
    private const int Length = TagAt + TagLength;

    private readonly IReadOnlyList<SigningKey> _keys = keys.DeriveAll("signed-url");

    /// <param name="file">The only file it is good for. It is in the address already, so it is signed but not repeated.</param>
    /// <param name="session">The session for which it is made.</param>
    /// <param name="expiresAt">The second from which on it is void.</param>
    public string Sign(FileId file, SessionId session, DateTimeOffset expiresAt)
    {
        Span<byte> value = stackalloc byte[Length];
        session.Value.TryWriteBytes(value, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(value[IdLength..], checked((uint)expiresAt.ToUnixTimeSeconds()));
        Tag(file, value[..TagAt], _keys[0], value[TagAt..]);
        return StrictBase64Url.Encode(value);
    }

    /// <summary>False for anything that we did not sign for this file, and from the moment it expires.</summary>
    public bool TryRead(string? text, FileId file, out SessionId session, out DateTimeOffset expiresAt)
    {
        (session, expiresAt) = (default, default);
        Span<byte> value = stackalloc byte[Length];
        if (text is not { Length: TextLength } || !StrictBase64Url.TryDecode(text, value, out _))
            return false;
        Span<byte> tag = stackalloc byte[TagLength];
        foreach (var key in _keys)
        {
            Tag(file, value[..TagAt], key, tag);
            if (!CryptographicOperations.FixedTimeEquals(tag, value[TagAt..]))
                continue;
            var end = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(value[IdLength..]));
            if (end <= clock.GetUtcNow())
                return false;
            (session, expiresAt) = (new SessionId(new Guid(value[..IdLength], bigEndian: true)), end);
            return true;
        }
        return false;
    }

    private static void Tag(FileId file, ReadOnlySpan<byte> signed, SigningKey key, Span<byte> tag)
    {
        Span<byte> input = stackalloc byte[IdLength + TagAt];
        file.Value.TryWriteBytes(input, bigEndian: true, out _);
        signed.CopyTo(input[IdLength..]);
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Secret, input, whole);
        whole[..TagLength].CopyTo(tag);
    }
}
