using System.Text;
using System.Text.Json.Nodes;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Hostile.Fuzz;

/// <summary>JSON that looks like what a schema asks for, with one thing or another wrong in it.</summary>
internal sealed class Bodies(Dice dice, Junk junk, JsonNode document)
{
    public byte[] Of(JsonNode? schema) => junk.Damaged(Encoding.UTF8.GetBytes(schema is null || dice.OneIn(12) ? junk.Json() : Value(schema, "", 0)));

    /// <summary>The value of a query, as text. What JSON would escape stays as it is escaped: it is junk either way.</summary>
    public string TextOf(string name, JsonNode? schema) => schema is null ? junk.Text() : Value(schema, name, 0).Trim('"');

    private string Value(JsonNode schema, string name, int depth)
    {
        if (dice.OneIn(20) || depth > 8)
            return junk.Json(depth);
        if ((string?)schema["$ref"] is { } reference)
            return Value(document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]]!, name, depth);
        if ((schema["oneOf"] ?? schema["anyOf"] ?? schema["allOf"]) is JsonArray choices)
            return Value(OneOf(choices)!, name, depth + 1);
        if (schema["enum"] is JsonArray values)
            return OneOf(values)?.ToJsonString() ?? "null";
        var type = schema["type"] switch
        {
            JsonArray types => (string)OneOf(types)!,
            { } one => (string)one!,
            null => "",
        };
        return type switch
        {
            "null" => "null",
            "boolean" => dice.OneIn(2) ? "true" : "false",
            "integer" or "number" => junk.Number(),
            "string" => Junk.Quoted((string?)schema["format"] == "date-time" && !dice.OneIn(3) ? "2030-01-01T00:00:00Z" : dice.OneIn(4) || !IsId(name) ? junk.Text() : junk.Id(name)),
            "array" => "[" + string.Join(',', Enumerable.Range(0, dice.OneIn(20) ? 300 : dice.Below(4)).Select(_ => Item(schema["items"], name, depth))) + "]",
            "object" => Object(schema, name, depth),
            _ => junk.Json(depth),
        };
    }

    private JsonNode? OneOf(JsonArray many) => many[dice.Below(many.Count)];

    private string Item(JsonNode? schema, string name, int depth) => schema is null ? junk.Json(depth + 1) : Value(schema, name, depth + 1);

    private static bool IsId(string name) => name.Contains("id", StringComparison.Ordinal) || name.Contains("token", StringComparison.Ordinal) || name is "reply_to" or "thread" or "forward_of" or "emoji";

    private string Object(JsonNode schema, string of, int depth)
    {
        var fields = new List<string>();
        foreach (var (name, inner) in schema["properties"]?.AsObject() ?? [])
        {
            if (!dice.OneIn(4))
                fields.Add(Junk.Quoted(name) + ":" + Item(inner, name, depth));
            if (dice.OneIn(25))
                fields.Add(Junk.Quoted(name) + ":" + junk.Json(depth + 1));
        }

        if (schema["additionalProperties"] is JsonObject more)
            fields.AddRange(Enumerable.Range(0, dice.Below(3)).Select(_ => Junk.Quoted(junk.Id(of)) + ":" + Item(more, of, depth)));
        if (dice.OneIn(6))
            fields.Add(Junk.Quoted(junk.Text()) + ":" + junk.Json(depth + 1));
        return "{" + string.Join(',', fields) + "}";
    }
}
