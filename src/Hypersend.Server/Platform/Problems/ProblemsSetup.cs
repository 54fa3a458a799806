using System.Text.Json;
using System.Text.Json.Serialization;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hypersend.Server.Platform.Problems;

/// <summary>JSON as the contract writes it, validation, and one shape for every error.</summary>
internal static class ProblemsSetup
{
    public static void AddProblems(this IServiceCollection services)
    {
        services.AddSingleton<IProblemDetailsWriter, ValidationProblems>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ExceptionAnswers>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, HypersendJson.Wire);
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.Encoder = HypersendJson.Wire.Options.Encoder;
            options.SerializerOptions.Converters.Add(new InstantConverter());
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.MaxDepth = HypersendJson.Wire.Options.MaxDepth;
        });
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = _ => true, ExceptionHandler = _ => Task.CompletedTask });
        app.UseStatusCodePages(context =>
        {
            var http = context.HttpContext;
            var code = ErrorTable.CodeOf(http.Response.StatusCode);

            // A body without an announced length is found too large while it is read, and the framework says so in a bare status.
            var most = http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
            return Problem.WriteAsync(http, code == ErrorCodes.TooLarge && most is { } size ? BodyLimits.TooLarge(size) : new Failure(code));
        });
    }
}
