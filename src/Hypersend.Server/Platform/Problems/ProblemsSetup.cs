using System.Text.Json;
using System.Text.Json.Serialization;
using Hypersend.Contracts;

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
        app.UseStatusCodePages(context => BareStatus.WriteAsync(context.HttpContext));
    }
}
