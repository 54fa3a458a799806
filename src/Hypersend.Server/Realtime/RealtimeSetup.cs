using Hypersend.Contracts.Realtime;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Health;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.Server.Realtime.Fanout;
using Hypersend.Server.Realtime.Polling;
using Hypersend.Server.Realtime.Presence;
using Hypersend.Server.Realtime.Sockets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hypersend.Server.Realtime;

/// <summary>Registers the live side: the hub, the sockets, the long poll.</summary>
internal static class RealtimeSetup
{
    public static void AddRealtime(this IServiceCollection services)
    {
        SocketDescription.Add(services);
        services.AddSingleton<Epoch>();
        services.AddSingleton<LiveHub>();
        services.AddSingleton<LiveDevices>();
        services.AddSingleton<Hello>();
        services.AddSingleton<SocketSignIn>();
        services.AddSingleton<SocketWelcome>();
        services.AddSingleton<SocketCommands>();
        services.AddSingleton<SocketParts>();
        services.AddSingleton<SocketDoor>();
        services.Configure<KestrelServerOptions>(SocketHandover.Place);
        services.AddSingleton<IDrained, SocketDrain>();
        services.AddSingleton<PollUpdates>();
        services.AddSingleton<IDrained>(provider => provider.GetRequiredService<PollUpdates>());
        services.AddHostedService<HeadPoll>();
        services.AddSingleton<SocketWheel>();
        services.AddHostedService(provider => provider.GetRequiredService<SocketWheel>());
        services.AddHostedService<SessionWatch>();
        services.AddSingleton<PresenceWatchers>();
        services.AddHostedService<PresenceLoop>();
    }

    /// <summary>The sockets, at the root and beside the calls, and their twin.</summary>
    public static void MapRealtime(this WebApplication app, IEndpointRouteBuilder api)
    {
        api.MapPost("/updates", Poll).WithTags("Live").WithSummary("What happened since my cursors; waits when nothing did")
            .RequireAuthorization().LimitedBy(RateLimitTable.LongPoll);
        foreach (var root in new[] { "/ws", "/api/v1/ws" })
        {
            var door = app.Services.GetRequiredService<SocketDoor>();
            var sockets = app.MapGroup(root).AllowAnonymous().LimitedBy(RateLimitTable.Sockets).ExcludeFromDescription();
            sockets.MapGet("", door.EnterAsync);
            sockets.MapGet("/{user_id}", door.EnterAsync);
            sockets.MapGet("/chat/{chat_id}", door.EnterAsync);
        }
    }

    private static async Task<Results<ReadyUpdates, Problem>> Poll(Caller caller, UpdatesRequest request, PollUpdates poll, CancellationToken cancellation) =>
        (await poll.HandleAsync(caller, request, cancellation)).Succeeded(out var updates, out var failure) ? updates : new Problem(failure);
}
