using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Hypersend.Contracts;
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
        if (IsId(type))
        {
            schema.Type = JsonSchemaType.String;
            schema.Format = null;
            schema.Description = "An opaque id.";
        }
        else if (type == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String | (IsNullable(context) ? JsonSchemaType.Null : 0);
        }
        else if (schema.Items is null && type != typeof(string) && context.JsonTypeInfo.ElementType is { } element && IsId(element))
        {
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String };
        }
        else if (IsOptional(type))
        {
            schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = type == typeof(Optional<DateTimeOffset?>) ? "date-time" : null;
            schema.Properties = null;
            schema.Required = null;
        }
        else if (HasGaps(context.JsonPropertyInfo))
        {
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null };
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

    /// <summary>A field that may also be absent; it is what it holds, and no schema of its own.</summary>
    public static bool IsOptional(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);

    /// <summary>A list of texts some of which may be null; the framework looks at the list alone.</summary>
    private static bool HasGaps(JsonPropertyInfo? property) =>
        property?.AttributeProvider is PropertyInfo info && info.PropertyType.GetGenericArguments() is [var element] && element == typeof(string)
        && new NullabilityInfoContext().Create(info).GenericTypeArguments is [{ ReadState: NullabilityState.Nullable }];

    private static bool IsNullable(OpenApiSchemaTransformerContext context) =>
        Nullable.GetUnderlyingType(context.JsonPropertyInfo?.PropertyType ?? context.JsonTypeInfo.Type) is not null;

    private static IReadOnlyList<string>? ChoicesOf(OpenApiSchemaTransformerContext context) =>
        context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(OneOfAttribute), inherit: false).OfType<OneOfAttribute>().FirstOrDefault()?.Choices;

    private static bool IsId(Type type) => type == typeof(MessageId)
        || (type.IsValueType && type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IId<>)));
}
