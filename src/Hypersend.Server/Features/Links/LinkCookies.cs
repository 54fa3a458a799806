using System.Buffers.Binary;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Links;

/// <summary>
/// What a browser shows at a link: that its password was given an hour ago at most, and which visitor it is. Signed, so that
/// nobody makes visitors up.
/// </summary>
internal sealed class LinkCookies(KeyRing keys, TimeProvider clock)
{
    private const string PassName = "hs_link";
    private const string VisitorName = "hs_visitor";
    private const int IdLength = 16;
    private const int TagLength = 16;
    private const int PassBody = IdLength + sizeof(long);

    private static readonly TimeSpan PassLife = TimeSpan.FromHours(1);
    private static readonly TimeSpan VisitorLife = TimeSpan.FromDays(30);

    private readonly IReadOnlyList<SigningKey> _passKeys = keys.DeriveAll("link-pass");
    private readonly IReadOnlyList<SigningKey> _visitorKeys = keys.DeriveAll("link-visitor");

    /// <summary>The password of this link was right.</summary>
    public void GivePass(HttpContext context, string token, LinkId link)
    {
        Span<byte> value = stackalloc byte[PassBody + TagLength];
        link.Value.TryWriteBytes(value, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(value[IdLength..], (clock.GetUtcNow() + PassLife).ToUnixTimeMilliseconds());
        Sign(value[..PassBody], _passKeys[0], value[PassBody..]);
        Append(context, PassName, value, PassLife, $"{LinkEndpoints.Root}/{token}");
    }

    public bool HasPass(HttpContext context, LinkId link)
    {
        Span<byte> value = stackalloc byte[PassBody + TagLength];
        return TryRead(context, PassName, value, PassBody, _passKeys)
            && new Guid(value[..IdLength], bigEndian: true) == link.Value
            && BinaryPrimitives.ReadInt64BigEndian(value[IdLength..]) > clock.GetUtcNow().ToUnixTimeMilliseconds();
    }

    /// <summary>A browser that opens the page is one visitor from then on.</summary>
    public void MakeVisitor(HttpContext context)
    {
        Span<byte> value = stackalloc byte[IdLength + TagLength];
        if (TryRead(context, VisitorName, value, IdLength, _visitorKeys))
            return;
        RandomNumberGenerator.Fill(value[..IdLength]);
        Sign(value[..IdLength], _visitorKeys[0], value[IdLength..]);
        Append(context, VisitorName, value, VisitorLife, LinkEndpoints.Root);
    }

    /// <summary>Null for a client that keeps no cookies.</summary>
    public string? VisitorOf(HttpContext context)
    {
        Span<byte> value = stackalloc byte[IdLength + TagLength];
        return TryRead(context, VisitorName, value, IdLength, _visitorKeys) ? Convert.ToHexStringLower(value[..IdLength]) : null;
    }

    private static bool TryRead(HttpContext context, string name, Span<byte> value, int body, IReadOnlyList<SigningKey> keys)
    {
        if (!context.Request.Cookies.TryGetValue(name, out var text) || !StrictBase64Url.TryDecode(text, value, out var length) || length != value.Length)
            return false;
        Span<byte> tag = stackalloc byte[TagLength];
        foreach (var key in keys)
        {
            Sign(value[..body], key, tag);
            if (CryptographicOperations.FixedTimeEquals(tag, value[body..]))
                return true;
        }

        return false;
    }

    private static void Append(HttpContext context, string name, ReadOnlySpan<byte> value, TimeSpan life, string path) => context.Response.Cookies.Append(
        name,
        StrictBase64Url.Encode(value),
        new CookieOptions { HttpOnly = true, Secure = context.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = path, MaxAge = life, IsEssential = true });

    private static void Sign(ReadOnlySpan<byte> body, SigningKey key, Span<byte> tag)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Secret, body, whole);
        whole[..TagLength].CopyTo(tag);
    }
}
