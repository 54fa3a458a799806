using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Digests;

/// <summary>What stands in the address that ends somebody's digests. It is good for nothing else, and for as long as mails are kept.</summary>
internal sealed class DigestTokens(KeyRing keys)
{
    private const int IdLength = 16;
    private const int TagLength = 16;

    private readonly IReadOnlyList<SigningKey> _keys = keys.DeriveAll("digest-token");

    /// <summary>Where the mails to this person end with one POST.</summary>
    public Uri AddressFor(UserId user, Uri home) => new(home, "/api/v1/digests/unsubscribe?token=" + For(user));

    private string For(UserId user)
    {
        Span<byte> value = stackalloc byte[IdLength + TagLength];
        user.Value.TryWriteBytes(value, bigEndian: true, out _);
        Sign(value[..IdLength], _keys[0], value[IdLength..]);
        return StrictBase64Url.Encode(value);
    }

    public UserId? Read(string? text)
    {
        Span<byte> value = stackalloc byte[IdLength + TagLength];
        if (text is null || StrictBase64Url.DecodedLength(text.Length) != value.Length || !StrictBase64Url.TryDecode(text, value, out _))
            return null;
        Span<byte> tag = stackalloc byte[TagLength];
        foreach (var key in _keys)
        {
            Sign(value[..IdLength], key, tag);
            if (CryptographicOperations.FixedTimeEquals(tag, value[IdLength..]))
                return new UserId(new Guid(value[..IdLength], bigEndian: true));
        }

        return null;
    }

    private static void Sign(ReadOnlySpan<byte> id, SigningKey key, Span<byte> tag)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Secret, id, whole);
        whole[..TagLength].CopyTo(tag);
    }
}
