using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Chats;

/// <summary>/groups, /channels and /rooms: the same chats, seen by their kind.</summary>
internal static class KindEndpoints
{
    public static void MapChatKinds(this IEndpointRouteBuilder api)
    {
        var groups = Map(api, "/groups", "Groups", ChatTypes.Group);
        groups.MapGet("", ListGroups).WithSummary("My groups, the newest activity first");
        groups.MapPost("", CreateGroup).WithSummary("Make a group");

        var channels = Map(api, "/channels", "Channels", ChatTypes.Channel);
        channels.MapGet("", ListChannels).WithSummary("My channels, the newest activity first");
        channels.MapPost("", CreateChannel).WithSummary("Make a channel");
        channels.MapPost("/{id}/subscribe", ChatEndpoints.Join).WithSummary("Subscribe to a public channel");
        channels.MapDelete("/{id}/subscribe", ChatEndpoints.Leave).WithSummary("Stop reading a channel");

        var rooms = Map(api, "/rooms", "Rooms", ChatTypes.Room);
        rooms.MapGet("", ListRooms).WithSummary("All rooms of the server");
        rooms.MapPost("", CreateRoom).WithSummary("Make a room");
        rooms.MapPost("/{id}/join", ChatEndpoints.Join).WithSummary("Come into a room");
    }

    private static RouteGroupBuilder Map(IEndpointRouteBuilder api, string prefix, string tag, string type)
    {
        var kind = api.MapGroup(prefix).WithTags(tag).RequireAuthorization().LimitedBy(RateLimitTable.Chats).AddEndpointFilter(OnlyOf(type));
        kind.MapGet("/{id}", ChatEndpoints.Get).WithSummary("One of them");
        kind.MapPut("/{id}", ChatEndpoints.Update).WithSummary("Change name, description, visibility, permissions");
        kind.MapDelete("/{id}", ChatEndpoints.Delete).WithSummary("End it for everybody");
        kind.MapPost("/{id}/leave", ChatEndpoints.Leave).WithSummary("Leave");
        kind.MapMembers();
        return kind;
    }

    /// <summary>Under its kind's address a chat of another kind is not there.</summary>
    private static Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> OnlyOf(string type) => async (context, next) =>
    {
        var request = context.HttpContext;
        if (request.GetRouteValue("id") is not string id)
            return await next(context);
        var store = request.RequestServices.GetRequiredService<IChatStore>();
        return await store.FindTypeAsync(ChatId.Parse(id, null), request.RequestAborted) == type
            ? await next(context)
            : new Problem(new Failure(ErrorCodes.NotFound));
    };

    private static Task<Results<Ok<Page<ChatSummary>>, Problem>> ListGroups(
        Caller caller, IChatStore store, PresenceTable presence, TimeProvider clock, string? cursor, int? limit, CancellationToken cancellation) =>
        ChatEndpoints.ListOf(ChatTypes.Group, caller, store, presence, clock, cursor, limit, cancellation);

    private static Task<Results<Created<Chat>, Ok<Chat>, Problem>> CreateGroup(
        Caller caller, CreateChatRequest request, OpenChat open, CancellationToken cancellation) =>
        ChatEndpoints.CreateOf(ChatTypes.Group, caller, request, open, cancellation);

    private static Task<Results<Ok<Page<ChatSummary>>, Problem>> ListChannels(
        Caller caller, IChatStore store, PresenceTable presence, TimeProvider clock, string? cursor, int? limit, CancellationToken cancellation) =>
        ChatEndpoints.ListOf(ChatTypes.Channel, caller, store, presence, clock, cursor, limit, cancellation);

    private static Task<Results<Created<Chat>, Ok<Chat>, Problem>> CreateChannel(
        Caller caller, CreateChatRequest request, OpenChat open, CancellationToken cancellation) =>
        ChatEndpoints.CreateOf(ChatTypes.Channel, caller, request, open, cancellation);

    private static Task<Results<Ok<Page<Chat>>, Problem>> ListRooms(
        Caller caller, IChatStore store, string? q, string? cursor, int? limit, CancellationToken cancellation) =>
        ChatEndpoints.DiscoverOf(ChatTypes.Room, caller, store, q, cursor, limit, cancellation);

    private static Task<Results<Created<Chat>, Ok<Chat>, Problem>> CreateRoom(
        Caller caller, CreateChatRequest request, OpenChat open, CancellationToken cancellation) =>
        ChatEndpoints.CreateOf(ChatTypes.Room, caller, request, open, cancellation);
}
