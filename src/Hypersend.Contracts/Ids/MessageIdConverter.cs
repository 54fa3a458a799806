using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hypersend.Contracts.Ids;

/// <summary>Writes a message's id as its plain string.</summary>
public sealed class MessageIdConverter : JsonConverter<MessageId>
{
    public override MessageId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? MessageId.Read(reader.GetString())
            : throw new JsonException("An id is a string.");

    public override void Write(Utf8JsonWriter writer, MessageId value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[MessageId.GuidLength + 21];
        text.TryWrite(CultureInfo.InvariantCulture, $"{value.Chat.Value:D}.{value.Seq}", out var length);
        writer.WriteStringValue(text[..length]);
    }
}
