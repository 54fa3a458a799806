using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Platform.Auth.Jwt;

/// <summary>Compact JWS with HS256 and nothing else; the key comes from a fixed set by its id, never from the token.</summary>
internal static class HmacJws
{
    public const int MaxLength = 4096;
    private const int SignatureCharacters = 43;

    public static string Sign(ReadOnlySpan<byte> payload, SigningKey key, string type)
    {
        var header = new ArrayBufferWriter<byte>(96);
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteString("alg"u8, "HS256"u8);
            json.WriteString("kid"u8, key.Id);
            // The writer would spell the plus of at+jwt as an escape.
            json.WritePropertyName("typ"u8);
            json.WriteRawValue($"\"{JsonEncodedText.Encode(type, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");
            json.WriteEndObject();
        }
        var signed = $"{StrictBase64Url.Encode(header.WrittenSpan)}.{StrictBase64Url.Encode(payload)}";
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Secret, Encoding.ASCII.GetBytes(signed), signature);
        return $"{signed}.{StrictBase64Url.Encode(signature)}";
    }

    [SkipLocalsInit]
    public static bool TryVerify(ReadOnlySpan<char> compact, IReadOnlyList<SigningKey> keys, string? requiredType, out byte[] payload)
    {
        payload = [];
        if (compact.Length > MaxLength)
            return false;
        var first = compact.IndexOf('.');
        var last = compact.LastIndexOf('.');
        if (first <= 0 || last <= first || compact.Length - last - 1 != SignatureCharacters)
            return false;
        var body = compact[(first + 1)..last]; // a further dot is no letter of the alphabet and fails there
        Span<byte> bytes = stackalloc byte[MaxLength];
        if (!StrictBase64Url.TryDecode(compact[..first], bytes, out var headerLength)
            || JwsHeader.SelectKey(bytes[..headerLength], keys, requiredType) is not { } key)
            return false;

        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes + 1];
        if (!StrictBase64Url.TryDecode(compact[(last + 1)..], signature, out var signatureLength))
            return false;
        if (!Ascii.IsValid(body))
            return false;
        Encoding.ASCII.GetBytes(compact[..last], bytes);
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        ThreadHmac.Compute(key, bytes[..last], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, signature[..signatureLength]))
            return false;

        var decoded = new byte[StrictBase64Url.DecodedLength(body.Length)];
        if (!StrictBase64Url.TryDecode(body, decoded, out _))
            return false;
        payload = decoded;
        return true;
    }
}
