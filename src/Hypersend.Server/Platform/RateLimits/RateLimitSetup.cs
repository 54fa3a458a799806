using System.Net;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Platform.RateLimits;

/// <summary>Rate limits by (group, user or address): a route names its group, one middleware counts.</summary>
internal static class RateLimitSetup
{
    public static void AddRateLimits(this IServiceCollection services) => services.AddSingleton<SlidingWindow>();

    /// <summary>Puts a route or a group of routes under one row of the table.</summary>
    public static TBuilder LimitedBy<TBuilder>(this TBuilder builder, string group)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RateLimited(group));

    public static void UseRateLimits(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<ServerOptions>().RateLimitsOn)
            return;
        var window = app.Services.GetRequiredService<SlidingWindow>();
        app.Use((context, next) =>
            context.GetEndpoint()?.Metadata.GetMetadata<RateLimited>() is { } limited && !TryTake(window, context, limited.Group, out var wait)
                ? Problem.WriteAsync(context, new Failure(ErrorCodes.RateLimited) { RetryAfter = wait })
                : next(context));
    }

    private static bool TryTake(SlidingWindow window, HttpContext context, string group, out TimeSpan wait)
    {
        var (perAddress, perUser) = RateLimitTable.Of(group);
        return Caller.Of(context) is { } caller
            ? window.TryTake(group, caller.UserId.ToString(), perUser, RateLimitTable.Window, out wait)
            : window.TryTake(group, AddressOf(context), perAddress, RateLimitTable.Window, out wait);
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
