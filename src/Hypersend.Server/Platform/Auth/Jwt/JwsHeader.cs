using System.Text.Json;
using System.Text.Unicode;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Server.Platform.Auth.Jwt;

/// <summary>Reads a token's header as strictly as we write it, without allocating for the headers we make ourselves.</summary>
internal static class JwsHeader
{
    /// <summary>The one key the header asks for, or null when anything in it is not to our liking.</summary>
    public static SigningKey? SelectKey(ReadOnlySpan<byte> header, IReadOnlyList<SigningKey> keys, string? requiredType)
    {
        if (!Utf8.IsValid(header))
            return null;
        try
        {
            return Read(header, keys, requiredType);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escaped lone surrogate inside a name.
            return null;
        }
    }

    private static SigningKey? Read(ReadOnlySpan<byte> header, IReadOnlyList<SigningKey> keys, string? requiredType)
    {
        var json = new Utf8JsonReader(header);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return null;
        bool algorithm = false, type = false, keyId = false;
        SigningKey? key = null;
        HashSet<string>? others = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("alg"u8))
            {
                if (algorithm || !ReadString(ref json) || !json.ValueTextEquals("HS256"u8))
                    return null;
                algorithm = true;
            }
            else if (json.ValueTextEquals("kid"u8))
            {
                if (keyId || !ReadString(ref json) || (key = Find(ref json, keys)) is null)
                    return null;
                keyId = true;
            }
            else if (json.ValueTextEquals("typ"u8))
            {
                if (type || !ReadString(ref json) || (requiredType is not null && !json.ValueTextEquals(requiredType)))
                    return null;
                type = true;
            }
            else if (json.ValueTextEquals("crit"u8) || !(others ??= new(StringComparer.Ordinal)).Add(json.GetString()!))
            {
                return null; // we understand no extension, and a name twice means two readers may see two tokens
            }
            else
            {
                json.Skip(); // jku, x5u, jwk and whatever else: never looked at
            }
        }
        if (json.TokenType != JsonTokenType.EndObject || json.Read() || !algorithm || (requiredType is not null && !type))
            return null;
        return keyId ? key : keys.Count == 1 ? keys[0] : null;
    }

    private static bool ReadString(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.String;

    private static SigningKey? Find(ref Utf8JsonReader json, IReadOnlyList<SigningKey> keys)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (json.ValueTextEquals(keys[i].Id))
                return keys[i];
        }
        return null;
    }
}
