using System.Net;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Platform.RateLimits;

/// <summary>Rate limits by (group, user or address): a route names its group, one middleware counts.</summary>
internal static class RateLimitSetup
{
    /// <summary>Puts a route or a group of routes under one row of the table.</summary>
    public static TBuilder LimitedBy<TBuilder>(this TBuilder builder, string group)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RateLimited(group));

    public static void UseRateLimits(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<ServerOptions>().RateLimitsOn)
            return;
        var window = app.Services.GetRequiredService<IRateWindow>();
        app.Use((context, next) =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<RateLimited>() is not { } limited)
                return next(context);
            var taking = TakeAsync(window, context, limited.Group);
            return taking.IsCompletedSuccessfully ? GoOnAsync(context, next, taking.Result) : WaitAndGoOnAsync(context, next, taking);
        });
    }

    private static async Task WaitAndGoOnAsync(HttpContext context, RequestDelegate next, ValueTask<TimeSpan?> taking) =>
        await GoOnAsync(context, next, await taking);

    private static Task GoOnAsync(HttpContext context, RequestDelegate next, TimeSpan? wait) => wait is { } retryAfter
        ? Problem.WriteAsync(context, new Failure(ErrorCodes.RateLimited) { RetryAfter = retryAfter })
        : next(context);

    private static ValueTask<TimeSpan?> TakeAsync(IRateWindow window, HttpContext context, string group)
    {
        var (perAddress, perUser) = RateLimitTable.Of(group);
        return Caller.Of(context) is { } caller
            ? window.TakeAsync(group, caller.UserId.ToString(), perUser, RateLimitTable.Window, context.RequestAborted)
            : window.TakeAsync(group, AddressOf(context), perAddress, RateLimitTable.Window, context.RequestAborted);
    }

    // A home has a whole /64 of IPv6 addresses: the network counts, not the address.
    private static string AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? ClientNetwork.NetworkOf(address) : address.ToString();
    }
}

/// <summary>The row of the table that a route is counted under.</summary>
internal sealed record RateLimited(string Group);
