using System.Text.Json;

namespace Hypersend.Server.Platform.Auth.Jwt;

/// <summary>Reads the claims of an access token whose signature is already proved.</summary>
internal static class AccessPayload
{
    public static ReadOnlySpan<byte> Name => "hypersend"u8;

    private const long LastSecond = 253_402_300_799; // of the year 9999, beyond which DateTimeOffset throws

    [Flags]
    private enum Claims
    {
        None = 0, Subject = 1, User = 2, Session = 4, Role = 8, Issued = 16, Expires = 32, Issuer = 64, Audience = 128,
        All = 255,
    }

    public static AccessClaims? Read(ReadOnlySpan<byte> payload)
    {
        try
        {
            return ReadObject(payload);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static AccessClaims? ReadObject(ReadOnlySpan<byte> payload)
    {
        var json = new Utf8JsonReader(payload);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return null;
        Guid subject = default, user = default, session = default;
        long issued = 0, expires = 0;
        var role = "";
        var seen = Claims.None;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var claim = Which(ref json);
            json.Read();
            if ((seen & claim) != 0)
                return null;
            seen |= claim;
            var good = claim switch
            {
                Claims.Subject => TryGuid(ref json, out subject),
                Claims.User => TryGuid(ref json, out user),
                Claims.Session => TryGuid(ref json, out session),
                Claims.Role => TryRole(ref json, out role),
                Claims.Issued => TrySeconds(ref json, out issued),
                Claims.Expires => TrySeconds(ref json, out expires),
                Claims.Issuer or Claims.Audience => json.TokenType == JsonTokenType.String && json.ValueTextEquals(Name),
                _ => json.TrySkip(),
            };
            if (!good)
                return null;
        }
        if (json.TokenType != JsonTokenType.EndObject || json.Read() || seen != Claims.All || subject != user || expires < issued)
            return null;
        return new AccessClaims(subject, session, role, DateTimeOffset.FromUnixTimeSeconds(issued), DateTimeOffset.FromUnixTimeSeconds(expires));
    }

    private static Claims Which(ref Utf8JsonReader json) =>
        json.ValueTextEquals("sub"u8) ? Claims.Subject
        : json.ValueTextEquals("user_id"u8) ? Claims.User
        : json.ValueTextEquals("sid"u8) ? Claims.Session
        : json.ValueTextEquals("role"u8) ? Claims.Role
        : json.ValueTextEquals("iat"u8) ? Claims.Issued
        : json.ValueTextEquals("exp"u8) ? Claims.Expires
        : json.ValueTextEquals("iss"u8) ? Claims.Issuer
        : json.ValueTextEquals("aud"u8) ? Claims.Audience
        : Claims.None;

    private static bool TryGuid(ref Utf8JsonReader json, out Guid value)
    {
        value = default;
        return json.TokenType == JsonTokenType.String && json.TryGetGuid(out value);
    }

    private static bool TryRole(ref Utf8JsonReader json, out string role)
    {
        role = "";
        if (json.TokenType != JsonTokenType.String)
            return false;
        role = json.ValueTextEquals("user"u8) ? "user" : json.ValueTextEquals("admin"u8) ? "admin" : json.GetString()!;
        return true;
    }

    private static bool TrySeconds(ref Utf8JsonReader json, out long seconds)
    {
        seconds = 0;
        return json.TokenType == JsonTokenType.Number && json.TryGetInt64(out seconds) && seconds is >= 0 and <= LastSecond;
    }
}
