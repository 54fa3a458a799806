using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Server;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.Server.Platform.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Platform.Health;

/// <summary>/health for people, /health/live and /health/ready for whatever keeps the process running.</summary>
internal static class HealthEndpoints
{
    // Many watchers ask with HEAD.
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<HealthState>();
        services.AddHostedService<Drain>();
    }

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/health").WithTags("Health").AllowAnonymous().LimitedBy(RateLimitTable.Open);
        group.MapMethods("", Methods, GetHealth).WithSummary("How the server is");
        group.MapMethods("/live", Methods, GetLive).WithSummary("Whether the process answers");
        group.MapMethods("/ready", Methods, GetReady).WithSummary("Whether it should get traffic");
    }

    private static async Task<JsonHttpResult<Contracts.Server.Health>> GetHealth(HealthState state, Insiders insiders, HttpContext context)
    {
        var answer = await state.AskAsync(context.RequestAborted);
        var body = new Contracts.Server.Health
        {
            Status = answer.Healthy && !state.Draining ? HealthWords.Healthy : HealthWords.Degraded,
            Version = ServerVersion.Text,
            Services = insiders.Includes(context) ? answer.Services : null,
        };
        if (answer.DatabaseIsAway)
            context.Response.Headers.RetryAfter = "2";
        return TypedResults.Json(body, statusCode: answer.DatabaseIsAway ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static Ok<Contracts.Server.Health> GetLive() =>
        TypedResults.Ok(new Contracts.Server.Health { Status = HealthWords.Healthy, Version = ServerVersion.Text });

    private static async Task<Results<Ok<Contracts.Server.Health>, Problem>> GetReady(HealthState state, HttpContext context)
    {
        if (state.Draining)
            return new Problem(new Failure(ErrorCodes.Unavailable, "The server is stopping."));
        if ((await state.AskAsync(context.RequestAborted)).DatabaseIsAway)
            return new Problem(new Failure(ErrorCodes.Unavailable, "The database cannot be reached."));
        return GetLive();
    }
}
