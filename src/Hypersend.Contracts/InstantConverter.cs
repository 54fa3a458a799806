using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hypersend.Contracts;

/// <summary>Times on the wire: RFC 3339, UTC, always three digits of milliseconds.</summary>
public sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    private const string Shape = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && HasZone(reader.GetString()!) && reader.TryGetDateTimeOffset(out var value)
            ? value.ToUniversalTime()
            : throw new JsonException("A time is a string such as 2026-11-21T09:30:00.000Z.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[24];
        value.UtcDateTime.TryFormat(text, out _, Shape, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text);
    }

    // Without one it would mean another moment on every machine.
    private static bool HasZone(string text) =>
        text.Length > 10 && (text[^1] is 'Z' or 'z' || (text.Length > 16 && text[^6] is '+' or '-' && text[^3] == ':'));
}
