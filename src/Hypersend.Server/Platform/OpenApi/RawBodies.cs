using Microsoft.OpenApi;

namespace Hypersend.Server.Platform.OpenApi;

/// <summary>
/// What a route reads by itself and the framework therefore knows nothing of. Its own way of saying so would also refuse
/// every other Content-Type.
/// </summary>
internal static class RawBodies
{
    public static TBuilder TakesRawBytes<TBuilder>(this TBuilder route, string description)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RawBody(description));

    public static TBuilder TakesHeader<TBuilder>(this TBuilder route, string name, string description)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new ReadHeader(name, description));

    public static void Describe(OpenApiOperation operation, IEnumerable<object> metadata)
    {
        foreach (var said in metadata)
        {
            if (said is RawBody body)
                operation.RequestBody = Of(body);
            else if (said is ReadHeader header)
                (operation.Parameters ??= []).Add(Of(header));
        }
    }

    private static OpenApiRequestBody Of(RawBody body) => new()
    {
        Description = body.Description,
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/octet-stream"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
        },
    };

    private static OpenApiParameter Of(ReadHeader header) => new()
    {
        Name = header.Name,
        In = ParameterLocation.Header,
        Description = header.Description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private sealed record RawBody(string Description);

    private sealed record ReadHeader(string Name, string Description);
}
