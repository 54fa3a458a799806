using System.Text.Json.Nodes;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Validation;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Hypersend.Server.Platform.OpenApi;

/// <summary>What the framework cannot know of our types: ids and times are strings, numbers are nothing else, some texts are one of a few words.</summary>
internal static class SchemaWords
{
    public static Task PutRightAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type.IsValueType && type.GetInterfaces().Any(IsId))
        {
            schema.Type = JsonSchemaType.String;
            schema.Format = null;
            schema.Description = "An opaque id.";
        }
        else if (type == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String | (IsNullable(context) ? JsonSchemaType.Null : 0);
        }
        else if (schema.Type is { } kinds && (kinds & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0)
        {
            // The framework's own reader would also take "7"; ours neither writes that nor promises to read it.
            schema.Type = kinds & ~JsonSchemaType.String;
            schema.Pattern = null;
        }

        if (ChoicesOf(context) is { } choices)
        {
            schema.Enum = [.. choices.Select(JsonNode (word) => word)];
            if (schema.Type is { } text && text.HasFlag(JsonSchemaType.Null))
                schema.Enum.Add(JsonNullSentinel.JsonNull);
        }

        return Task.CompletedTask;
    }

    private static bool IsNullable(OpenApiSchemaTransformerContext context) =>
        Nullable.GetUnderlyingType(context.JsonPropertyInfo?.PropertyType ?? context.JsonTypeInfo.Type) is not null;

    private static IReadOnlyList<string>? ChoicesOf(OpenApiSchemaTransformerContext context) =>
        context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(OneOfAttribute), inherit: false).OfType<OneOfAttribute>().FirstOrDefault()?.Choices;

    private static bool IsId(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IId<>);
}
