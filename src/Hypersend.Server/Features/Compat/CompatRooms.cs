using System.Diagnostics.CodeAnalysis;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Validation;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Compat;

/// <summary>Rooms and channels for clients of other servers: plain arrays, and the keys they read beside ours.</summary>
internal static class CompatRooms
{
    public static void MapCompatRooms(this IEndpointRouteBuilder routes)
    {
        var rooms = routes.MapGroup("/api/rooms").WithTags("Compat").RequireAuthorization().LimitedBy(RateLimitTable.Chats);
        rooms.MapGet("", ListRooms);
        rooms.MapPost("", CreateRoom);
        rooms.MapGet("/{id}", GetRoom);
        var channels = routes.MapGroup("/api/chat/channels").WithTags("Compat").RequireAuthorization().LimitedBy(RateLimitTable.Chats);
        channels.MapGet("", ListChannels);
        channels.MapPost("", CreateChannel);
        channels.MapGet("/{id}", GetChannel);
    }

    private static async Task<Ok<IReadOnlyList<CompatRoom>>> ListRooms(Caller caller, IChatStore store, CancellationToken cancellation)
    {
        var rooms = await store.DiscoverAsync(caller.UserId, new DiscoverWish(ChatTypes.Room, [], BeforeNo: null, PageLimits.Most), cancellation);
        return TypedResults.Ok<IReadOnlyList<CompatRoom>>([.. rooms.Select(row => new CompatRoom(ChatView.For(row, peer: null)))]);
    }

    private static async Task<Results<Created<CompatRoom>, Problem>> CreateRoom(
        Caller caller, CreateChatRequest request, OpenChat open, CancellationToken cancellation) =>
        (await open.HandleAsync(caller.UserId, ChatTypes.Room, request, cancellation)).Succeeded(out var made, out var failure)
            ? TypedResults.Created((string?)null, new CompatRoom(made.Chat))
            : new Problem(failure);

    private static async Task<Results<Ok<CompatRoom>, Problem>> GetRoom(
        Caller caller, ChatId id, IChatStore store, PresenceTable presence, CancellationToken cancellation) =>
        (await FindAsync(caller, id, ChatTypes.Room, store, presence, cancellation)).Succeeded(out var chat, out var failure)
            ? TypedResults.Ok(new CompatRoom(chat))
            : new Problem(failure);

    private static async Task<Ok<CompatChannels>> ListChannels(Caller caller, IChatStore store, PresenceTable presence, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var mine = await store.ListAsync(caller.UserId, new ListWish(ChatTypes.Channel, After: null, PageLimits.Most), cancellation);
        var open = await store.DiscoverAsync(caller.UserId, new DiscoverWish(ChatTypes.Channel, [], BeforeNo: null, PageLimits.Most), cancellation);
        var channels = mine.Select(Chat (one) => one.Show(caller.UserId, now, presence)).Concat(open.Select(row => ChatView.For(row, peer: null)));
        return TypedResults.Ok(new CompatChannels([.. channels.DistinctBy(chat => chat.Id).Select(chat => new CompatChannel(chat))]));
    }

    private static async Task<Results<Created<CompatChannel>, Problem>> CreateChannel(
        Caller caller, CompatChannelRequest request, OpenChat open, CancellationToken cancellation)
    {
        var create = new CreateChatRequest { Name = request.Name, Description = request.Description, Public = request.Type != "private" };
        return (await open.HandleAsync(caller.UserId, ChatTypes.Channel, create, cancellation)).Succeeded(out var made, out var failure)
            ? TypedResults.Created((string?)null, new CompatChannel(made.Chat))
            : new Problem(failure);
    }

    private static async Task<Results<Ok<CompatChannel>, Problem>> GetChannel(
        Caller caller, ChatId id, IChatStore store, PresenceTable presence, CancellationToken cancellation) =>
        (await FindAsync(caller, id, ChatTypes.Channel, store, presence, cancellation)).Succeeded(out var chat, out var failure)
            ? TypedResults.Ok(new CompatChannel(chat))
            : new Problem(failure);

    private static async Task<Result<Chat>> FindAsync(
        Caller caller, ChatId id, string type, IChatStore store, PresenceTable presence, CancellationToken cancellation) =>
        await store.FindAsync(id, caller.UserId, cancellation) is { } seen && seen.Row.Type == type
            ? seen.Show(caller.UserId, presence)
            : new Failure(ErrorCodes.NotFound);
}

/// <summary>A room with the names that others have for its parts.</summary>
internal sealed record CompatRoom : Chat
{
    [SetsRequiredMembers]
    public CompatRoom(Chat room)
        : base(room)
    {
    }

    public ChatId RoomId => Id;

    public UserId OwnerId => CreatedBy;

    public bool IsPrivate => !Public;
}

/// <summary>A channel with the names that others have for its parts.</summary>
internal sealed record CompatChannel : Chat
{
    [SetsRequiredMembers]
    public CompatChannel(Chat channel)
        : base(channel)
    {
    }

    public ChatId ChannelId => Id;

    public UserId OwnerId => CreatedBy;

    public bool IsPrivate => !Public;
}

internal sealed record CompatChannels(IReadOnlyList<CompatChannel> Channels);

internal sealed record CompatChannelRequest
{
    [Text(1, 100)]
    public string? Name { get; init; }

    [Text(0, 1000)]
    public string? Description { get; init; }

    /// <summary><c>private</c> keeps it from being found; anything else does not.</summary>
    [Text(0, 100)]
    public string? Type { get; init; }
}
