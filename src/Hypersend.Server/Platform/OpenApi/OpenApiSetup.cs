using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Hypersend.Server.Platform.OpenApi;

/// <summary>/openapi.json, and the two ways to read it: /docs and /redoc, both from files of our own.</summary>
internal static class OpenApiSetup
{
    private const string Document = "/openapi.json";

    // The package's own page fetches its fonts from somebody else's server, who so learns of every reader.
    private static ReadOnlySpan<byte> RedocPage =>
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
            <meta charset="utf-8">
            <title>%(DocumentTitle)</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link href="index.css" rel="stylesheet">
        </head>
        <body>
            <div id="redoc-container"></div>
            <script src="redoc.standalone.js"></script>
            <script src="index.js"></script>
        </body>
        </html>
        """u8;

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddSchemaTransformer(SchemaWords.PutRightAsync);
        options.CreateSchemaReferenceId = type => SchemaWords.IsOptional(type.Type) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Hypersend", Version = ServerVersion.Text, Description = "Your own server for chat and for files too big for anyone else's." };

            // The address a reader came by is the server; one written down here would be somebody else's.
            document.Servers = [new OpenApiServer { Url = "/" }];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes["bearer"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "The access_token of a sign-in.",
            };
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi(Document).AllowAnonymous().LimitedBy(RateLimitTable.Open);
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "docs";
            options.DocumentTitle = "Hypersend API";
            options.SwaggerEndpoint(Document, "Hypersend");
        });
        app.UseReDoc(options =>
        {
            options.RoutePrefix = "redoc";
            options.DocumentTitle = "Hypersend API";
            options.SpecUrl = Document;
            options.IndexStream = () => new MemoryStream(RedocPage.ToArray());
        });
    }

    // Errors have one shape; a reader wants it once per call, with the statuses that call can really give.
    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var signedIn = metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any();
        operation.Responses ??= [];
        operation.Responses.Remove("400");
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A problem: see its code and hint.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Problem.ContentType] = new() { Schema = new OpenApiSchemaReference(nameof(ApiProblem), context.Document) },
            },
        };
        RawBodies.Describe(operation, metadata);
        if (signedIn)
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
    }
}
