using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hypersend.Contracts.Ids;

/// <summary>Writes every id as its plain string.</summary>
public sealed class IdConverter<TId> : JsonConverter<TId>
    where TId : struct, IId<TId>
{
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? IdText.Read<TId>(reader.GetString())
            : throw new JsonException("An id is a string.");

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[36];
        value.Value.TryFormat(text, out _, "D");
        writer.WriteStringValue(text);
    }
}
