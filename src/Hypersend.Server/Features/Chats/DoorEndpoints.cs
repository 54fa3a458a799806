using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Hypersend.Server.Features.Chats;

/// <summary>/chats/{id}/invites, /chats/invites and /bans: who may come in by which link, and who may not come back.</summary>
internal static class DoorEndpoints
{
    public static void MapDoors(this IEndpointRouteBuilder chats)
    {
        chats.MapPost("/{id}/invites", Invite).WithSummary("Make a link that lets people in");
        chats.MapGet("/{id}/invites", ListInvites).WithSummary("The links that let people in; to members their own");
        chats.MapGet("/invites/{token}", ShowInvited).WithSummary("Which chat an invitation is for");
        chats.MapDelete("/{id}/invites/{token}", Withdraw).WithSummary("Withdraw a link");
        chats.MapGet("/{id}/bans", ListBans).WithSummary("Who may not come back");
        chats.MapPost("/{id}/bans/{user_id}", Ban).WithSummary("Remove somebody and keep them out");
        chats.MapDelete("/{id}/bans/{user_id}", Unban).WithSummary("Let somebody come back");
    }

    private static async Task<Results<Created<ChatInvite>, Problem>> Invite(
        Caller caller, ChatId id, [FromBody] CreateChatInviteRequest? request, InviteToChat invite, CancellationToken cancellation) =>
        (await invite.HandleAsync(caller.UserId, id, request ?? new CreateChatInviteRequest(), cancellation)).Succeeded(out var made, out var failure)
            ? TypedResults.Created((string?)null, made)
            : new Problem(failure);

    private static async Task<Results<Ok<Page<ChatInvite>>, Problem>> ListInvites(
        Caller caller, ChatId id, IMemberStore store, InviteToChat invite, TimeProvider clock, CancellationToken cancellation) =>
        (await store.InvitesAsync(caller.UserId, id, clock.GetUtcNow(), cancellation)).Succeeded(out var rows, out var failure)
            ? TypedResults.Ok(new Page<ChatInvite> { Items = [.. rows.Select(invite.Present)] })
            : new Problem(failure);

    private static async Task<Results<Ok<InvitedChat>, Problem>> ShowInvited(
        Caller caller, string token, IMemberStore store, TimeProvider clock, CancellationToken cancellation) =>
        (await store.InvitedAsync(caller.UserId, token, clock.GetUtcNow(), cancellation)).Succeeded(out var chat, out var failure)
            ? TypedResults.Ok(new InvitedChat { Type = chat.Type, Name = chat.Name, Description = chat.Description, MemberCount = chat.MemberCount })
            : new Problem(failure);

    private static async Task<Results<NoContent, Problem>> Withdraw(
        Caller caller, ChatId id, string token, IMemberStore store, CancellationToken cancellation) =>
        (await store.WithdrawInviteAsync(caller.UserId, id, token, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();

    private static async Task<Results<Ok<Page<ChatBan>>, Problem>> ListBans(
        Caller caller, ChatId id, IMemberStore store, PresenceTable presence, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (!ChatCursor.TryRead(cursor, out UserId after))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        var count = PageLimits.Clamp(limit);
        if (!(await store.BansAsync(caller.UserId, id, after, count + 1, cancellation)).Succeeded(out var found, out var failure))
            return new Problem(failure);
        return TypedResults.Ok(new Page<ChatBan>
        {
            Items = [.. found.Take(count).Select(ban => new ChatBan
            {
                User = UserRules.Present(ban.User, Viewer.Self(caller.UserId), presence),
                BannedBy = ban.Row.BannedBy,
                CreatedAt = ban.Row.CreatedAt,
            })],
            NextCursor = found.Count > count ? ChatCursor.Of(found[count - 1].User.Id) : null,
        });
    }

    private static async Task<Results<NoContent, Problem>> Ban(
        Caller caller, ChatId id, [FromRoute(Name = "user_id")] UserId userId, ChangeMembers change, CancellationToken cancellation) =>
        (await change.BanAsync(caller.UserId, id, userId, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();

    private static async Task<Results<NoContent, Problem>> Unban(
        Caller caller, ChatId id, [FromRoute(Name = "user_id")] UserId userId, IMemberStore store, CancellationToken cancellation) =>
        (await store.UnbanAsync(caller.UserId, id, userId, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();
}
