using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Hypersend.Server.Features.Chats;

/// <summary>/chats/{id}/members: who is in a chat, and as what.</summary>
internal static class MemberEndpoints
{
    public static void MapMembers(this IEndpointRouteBuilder chats)
    {
        chats.MapGet("/{id}/members", List).WithSummary("Who is in the chat; of a channel for those who run it");
        chats.MapPost("/{id}/members", Add).WithSummary("Bring people in");
        chats.MapPut("/{id}/members/{user_id}", ChangeRole).WithSummary("Give somebody a role");
        chats.MapDelete("/{id}/members/{user_id}", Remove).WithSummary("Remove somebody, or leave");
    }

    private static async Task<Results<Ok<Page<ChatMember>>, Problem>> List(
        Caller caller, ChatId id, IMemberStore store, PresenceTable presence, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (!ChatCursor.TryRead(cursor, out UserId after))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        var count = PageLimits.Clamp(limit);
        if (!(await store.ListAsync(caller.UserId, id, after, count + 1, cancellation)).Succeeded(out var found, out var failure))
            return new Problem(failure);
        return TypedResults.Ok(new Page<ChatMember>
        {
            Items = [.. found.Take(count).Select(member => member.Show(caller.UserId, presence))],
            NextCursor = found.Count > count ? ChatCursor.Of(found[count - 1].User.Id) : null,
        });
    }

    private static async Task<Results<Ok<Page<ChatMember>>, Problem>> Add(
        Caller caller, ChatId id, AddMembersRequest request, ChangeMembers change, CancellationToken cancellation) =>
        (await change.AddAsync(caller.UserId, id, request.UserIds!, cancellation)).Succeeded(out var members, out var failure)
            ? TypedResults.Ok(new Page<ChatMember> { Items = members })
            : new Problem(failure);

    private static async Task<Results<Ok<ChatMember>, Problem>> ChangeRole(
        Caller caller, ChatId id, [FromRoute(Name = "user_id")] UserId userId, ChangeRoleRequest request, ChangeMembers change,
        CancellationToken cancellation) =>
        (await change.ChangeRoleAsync(caller.UserId, id, userId, request.Role!, cancellation)).Succeeded(out var member, out var failure)
            ? TypedResults.Ok(member)
            : new Problem(failure);

    private static async Task<Results<NoContent, Problem>> Remove(
        Caller caller, ChatId id, [FromRoute(Name = "user_id")] UserId userId, ChangeMembers change, CancellationToken cancellation) =>
        (await change.RemoveAsync(caller.UserId, id, userId, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();
}
