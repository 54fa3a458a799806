using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Platform.Auth.Jwt;

/// <summary>Issues and reads the short-lived tokens that stand in the Authorization header.</summary>
internal sealed class AccessTokens(KeyRing ring, TimeProvider clock, TimeSpan lifetime)
{
    public const string Type = "at+jwt";
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private readonly IReadOnlyList<SigningKey> _keys = ring.DeriveAll("access-token");

    public string Issue(Guid userId, Guid sessionId, string role, out DateTimeOffset expiresAt)
    {
        var issued = clock.GetUtcNow().ToUnixTimeSeconds();
        var expires = issued + (long)lifetime.TotalSeconds;
        expiresAt = DateTimeOffset.FromUnixTimeSeconds(expires);
        Span<byte> unique = stackalloc byte[12];
        RandomNumberGenerator.Fill(unique);
        var payload = new ArrayBufferWriter<byte>(320);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            json.WriteString("sub"u8, userId);
            json.WriteString("user_id"u8, userId);
            json.WriteString("sid"u8, sessionId);
            json.WriteString("role"u8, role);
            json.WriteNumber("iat"u8, issued);
            json.WriteNumber("exp"u8, expires);
            json.WriteString("iss"u8, AccessPayload.Name);
            json.WriteString("aud"u8, AccessPayload.Name);
            json.WriteString("jti"u8, StrictBase64Url.Encode(unique));
            json.WriteEndObject();
        }
        return HmacJws.Sign(payload.WrittenSpan, _keys[0], Type);
    }

    public bool TryRead(string token, out AccessClaims? claims)
    {
        if (TryReadExpired(token, out claims) && claims!.ExpiresAt + Skew > clock.GetUtcNow())
            return true;
        claims = null;
        return false;
    }

    /// <summary>Everything but the expiry is checked: a logout with an old token still says whose session it was.</summary>
    public bool TryReadExpired(string token, out AccessClaims? claims)
    {
        claims = null;
        if (!HmacJws.TryVerify(token, _keys, Type, out var payload))
            return false;
        var read = AccessPayload.Read(payload);
        if (read is null || read.IssuedAt > clock.GetUtcNow() + Skew)
            return false;
        claims = read;
        return true;
    }
}
