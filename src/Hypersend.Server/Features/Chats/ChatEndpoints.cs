using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.Server.Platform.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Chats;

/// <summary>/chats: conversations of every kind, and my own settings of them.</summary>
internal static class ChatEndpoints
{
    public static void MapChats(this IEndpointRouteBuilder api)
    {
        var chats = api.MapGroup("/chats").WithTags("Chats").RequireAuthorization().LimitedBy(RateLimitTable.Chats);
        chats.MapPost("", Create).WithSummary("Make a chat, or get the direct one that is there already");
        chats.MapGet("", List).WithSummary("My chats, the newest activity first");
        chats.MapGet("/discover", Discover).WithSummary("Rooms and public channels").LimitedBy(RateLimitTable.Search);
        chats.MapPost("/join", JoinByInvite).WithSummary("Come in by an invitation");
        chats.MapGet("/{id}", Get).WithSummary("A chat");
        chats.MapPut("/{id}", Update).WithSummary("Change name, description, visibility, permissions");
        chats.MapDelete("/{id}", Delete).WithSummary("End a chat for everybody; put a direct one away");
        chats.MapPost("/{id}/join", Join).WithSummary("Come into a room or a public channel");
        chats.MapPost("/{id}/leave", Leave).WithSummary("Leave");
        chats.MapPost("/{id}/read", Read).WithSummary("Move my read mark forward");
        chats.MapPut("/{id}/settings", ChangeSettings).WithSummary("Mute, pin, archive, keep a draft");
        chats.MapMembers();
        chats.MapDoors();
        api.MapChatKinds();
    }

    private static Task<Results<Created<Chat>, Ok<Chat>, Problem>> Create(
        Caller caller, CreateChatRequest request, OpenChat open, CancellationToken cancellation) =>
        CreateOf(request.Type, caller, request, open, cancellation);

    internal static async Task<Results<Created<Chat>, Ok<Chat>, Problem>> CreateOf(
        string? type, Caller caller, CreateChatRequest request, OpenChat open, CancellationToken cancellation)
    {
        if (!(await open.HandleAsync(caller.UserId, type, request, cancellation)).Succeeded(out var made, out var failure))
            return new Problem(failure);
        return made.IsNew ? TypedResults.Created((string?)null, made.Chat) : TypedResults.Ok(made.Chat);
    }

    private static Task<Results<Ok<Page<ChatSummary>>, Problem>> List(
        Caller caller, IChatStore store, PresenceTable presence, TimeProvider clock, string? cursor, int? limit, CancellationToken cancellation) =>
        ListOf(null, caller, store, presence, clock, cursor, limit, cancellation);

    internal static async Task<Results<Ok<Page<ChatSummary>>, Problem>> ListOf(
        string? type, Caller caller, IChatStore store, PresenceTable presence, TimeProvider clock, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (!ChatCursor.TryRead(cursor, out ActivityMark? after))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        var count = PageLimits.Clamp(limit);
        var found = await store.ListAsync(caller.UserId, new ListWish(type, after, count + 1), cancellation);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new Page<ChatSummary>
        {
            Items = [.. found.Take(count).Select(one => one.Show(caller.UserId, now, presence))],
            NextCursor = found.Count > count ? ChatCursor.Of(new ActivityMark(found[count - 1].Row.ActivityAt, found[count - 1].Row.No)) : null,
        });
    }

    private static Task<Results<Ok<Page<Chat>>, Problem>> Discover(
        Caller caller, IChatStore store, string? q, string? cursor, int? limit, CancellationToken cancellation) =>
        DiscoverOf(null, caller, store, q, cursor, limit, cancellation);

    internal static async Task<Results<Ok<Page<Chat>>, Problem>> DiscoverOf(
        string? type, Caller caller, IChatStore store, string? q, string? cursor, int? limit, CancellationToken cancellation)
    {
        var wanted = q?.Trim() ?? "";
        if (TextRules.HasNul(wanted) || TextRules.HasLoneSurrogate(wanted))
            return new Problem(new Failure(ErrorCodes.InvalidText));
        if (CodePoints.Count(wanted) > 100)
            return new Problem(Failure.OfField(ErrorCodes.ValidationFailed, "q", "must have at most 100 characters"));
        if (!ChatCursor.TryRead(cursor, out long? before))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        var words = NameForm.Words(wanted);
        if (wanted.Length > 0 && words.Count == 0)
            return TypedResults.Ok(new Page<Chat> { Items = [] });
        var count = PageLimits.Clamp(limit);
        var found = await store.DiscoverAsync(caller.UserId, new DiscoverWish(type, words, before, count + 1), cancellation);
        return TypedResults.Ok(new Page<Chat>
        {
            Items = [.. found.Take(count).Select(row => ChatView.For(row, peer: null))],
            NextCursor = found.Count > count ? ChatCursor.Of(found[count - 1].No) : null,
        });
    }

    internal static async Task<Results<Ok<Chat>, Problem>> Get(
        Caller caller, ChatId id, IChatStore store, PresenceTable presence, CancellationToken cancellation) =>
        await store.FindAsync(id, caller.UserId, cancellation) is { } seen
            ? TypedResults.Ok(seen.Show(caller.UserId, presence))
            : new Problem(new Failure(ErrorCodes.NotFound));

    internal static async Task<Results<Ok<Chat>, Problem>> Update(
        Caller caller, ChatId id, UpdateChatRequest request, EditChat edit, CancellationToken cancellation) =>
        (await edit.HandleAsync(caller.UserId, id, request, cancellation)).Succeeded(out var chat, out var failure) ? TypedResults.Ok(chat) : new Problem(failure);

    internal static async Task<Results<NoContent, Problem>> Delete(Caller caller, ChatId id, DeleteChat delete, CancellationToken cancellation) =>
        (await delete.HandleAsync(caller.UserId, id, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();

    internal static async Task<Results<Ok<Chat>, Problem>> Join(Caller caller, ChatId id, JoinChat join, CancellationToken cancellation) =>
        (await join.HandleAsync(caller.UserId, id, cancellation)).Succeeded(out var chat, out var failure) ? TypedResults.Ok(chat) : new Problem(failure);

    private static async Task<Results<Ok<Chat>, Problem>> JoinByInvite(
        Caller caller, JoinChatRequest request, JoinChat join, CancellationToken cancellation) =>
        (await join.ByInviteAsync(caller.UserId, request.Token!, cancellation)).Succeeded(out var chat, out var failure)
            ? TypedResults.Ok(chat)
            : new Problem(failure);

    internal static async Task<Results<NoContent, Problem>> Leave(Caller caller, ChatId id, LeaveChat leave, CancellationToken cancellation) =>
        (await leave.HandleAsync(caller.UserId, id, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();

    private static async Task<Results<Ok<ReadMark>, Problem>> Read(
        Caller caller, ChatId id, MarkReadRequest request, MarkRead mark, CancellationToken cancellation) =>
        (await mark.HandleAsync(caller.UserId, id, request.Seq!.Value, isRead: true, cancellation)).Succeeded(out var moved, out var failure)
            ? TypedResults.Ok(moved)
            : new Problem(failure);

    private static async Task<Results<Ok<ChatSettings>, Problem>> ChangeSettings(
        Caller caller, ChatId id, ChatSettingsRequest request, ChangeChatSettings change, CancellationToken cancellation) =>
        (await change.HandleAsync(caller.UserId, id, request, cancellation)).Succeeded(out var settings, out var failure)
            ? TypedResults.Ok(settings)
            : new Problem(failure);
}
