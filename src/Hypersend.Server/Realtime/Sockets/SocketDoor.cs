using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Health;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Settings;
using Hypersend.Server.Realtime.Fanout;
using Hypersend.Server.Realtime.Presence;
using Microsoft.AspNetCore.Http.Features;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>Lets sockets in: what can be told from the request is judged before the handshake, who it is after it.</summary>
internal sealed class SocketDoor(SocketParts parts, HealthState health, OwnOrigin origins)
{
    public async Task EnterAsync(HttpContext context)
    {
        var request = context.Request;
        if (!SocketHandshake.IsAskedFor(context))
        {
            context.Response.Headers.Upgrade = "websocket";
            context.Response.Headers.SecWebSocketVersion = SocketHandshake.Version;
            await Problem.WriteAsync(context, new Failure(ErrorCodes.UpgradeRequired));
            return;
        }

        if (health.Draining)
        {
            await Problem.WriteAsync(context, new Failure(ErrorCodes.Unavailable, "The server is stopping."));
            return;
        }

        // A browser says from which page it comes; whoever says nothing is no browser.
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !origins.Matches(request, origin))
        {
            await Problem.WriteAsync(context, new Failure(ErrorCodes.CrossSite));
            return;
        }

        var demand = new SocketDemand(IdOf<UserId>(request, "user_id"), IdOf<ChatId>(request, "chat_id"));
        var token = SocketHandshake.TokenOf(request) ?? request.Query["token"].FirstOrDefault();
        var known = Caller.Of(context)?.Session;
        KeepAlive.On(context);
        var stream = await SocketHandshake.AcceptAsync(context);
        if (SocketHandover.Of(context) is { } handover)
        {
            var session = new SocketSession(parts, handover.Pipes, handover.Abort, demand);
            handover.Take(() => session.RunAsync(known, token));
            return;
        }

        // Neither the token nor anything else the request said is kept for as long as the socket lives.
        Forget(context);
        await new SocketSession(parts, new StreamPipes(stream), context.Abort, demand).RunAsync(known, token);
    }

    private static void Forget(HttpContext context)
    {
        context.Features.Set<IQueryFeature>(null);
        var request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        (request.RawTarget, request.QueryString) = ("", "");
        request.Headers.Clear();
    }

    private static TId? IdOf<TId>(HttpRequest request, string name)
        where TId : struct, IId<TId> => request.RouteValues[name] is string text ? IdText.Read<TId>(text) : null;
}

/// <summary>What a socket works with.</summary>
internal sealed record SocketParts(
    LiveHub Hub, SocketWheel Wheel, SocketSignIn SignIn, SocketWelcome Welcome, Hello Hello, SocketCommands Commands, TellTyping Typing,
    PresenceTable Presence, PresenceWatchers Watchers, IBus Bus, SessionCache Sessions, ServerOptions Options, TimeProvider Clock);
