using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.Server.Platform.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Users;

/// <summary>/users: profiles, and the people around me.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        var users = api.MapGroup("/users").WithTags("Users").RequireAuthorization().LimitedBy(RateLimitTable.People);
        users.MapGet("/me", GetMe).WithSummary("My profile");
        users.MapPut("/me", UpdateMe).WithSummary("Change my profile");
        users.MapDelete("/me", DeleteMe).WithSummary("Delete my account");
        users.MapGet("/me/settings", GetSettings).WithSummary("My settings");
        users.MapPut("/me/settings", PutSettings).WithSummary("Change my settings");
        users.MapGet("/me/contacts", ListContacts).WithSummary("My contacts");
        users.MapGet("/me/following", ListFollowing).WithSummary("Whom I follow");
        users.MapGet("/me/followers", ListFollowers).WithSummary("Who follows me");
        users.MapGet("/me/blocked", ListBlocked).WithSummary("Whom I block");
        users.MapGet("/search", Search).WithSummary("Find people").LimitedBy(RateLimitTable.Search);
        users.MapGet("/{id}", GetUser).WithSummary("A profile");
        users.MapPut("/{id}", UpdateUser).WithSummary("Change a profile (one's own, or as admin)");
        users.MapPost("/{id}/follow", Follow).WithSummary("Follow somebody");
        users.MapDelete("/{id}/follow", Unfollow).WithSummary("Stop following");
        users.MapPost("/{id}/block", Block).WithSummary("Block somebody");
        users.MapDelete("/{id}/block", Unblock).WithSummary("Stop blocking");
        users.MapAvatars();
    }

    private static Task<Results<Ok<User>, Problem>> GetMe(Caller caller, IUserStore users, PresenceTable presence, CancellationToken cancellation) =>
        GetUser(caller, caller.UserId, users, presence, cancellation);

    private static async Task<Results<Ok<User>, Problem>> GetUser(
        Caller caller, UserId id, IUserStore users, PresenceTable presence, CancellationToken cancellation) =>
        await users.FindAsync(id, caller.UserId, cancellation) is { } profile
            ? TypedResults.Ok(UserRules.Present(profile, Viewer.Of(caller), presence, withRelation: true))
            : new Problem(new Failure(ErrorCodes.NotFound));

    private static Task<Results<Ok<User>, Problem>> UpdateMe(
        Caller caller, UpdateUserRequest request, EditProfile edit, PresenceTable presence, CancellationToken cancellation) =>
        UpdateUser(caller, caller.UserId, request, edit, presence, cancellation);

    private static async Task<Results<Ok<User>, Problem>> UpdateUser(
        Caller caller, UserId id, UpdateUserRequest request, EditProfile edit, PresenceTable presence, CancellationToken cancellation) =>
        (await edit.HandleAsync(caller, id, request, cancellation)).Succeeded(out var profile, out var failure)
            ? TypedResults.Ok(UserRules.Present(profile, Viewer.Of(caller), presence, withRelation: true))
            : new Problem(failure);

    private static async Task<Results<NoContent, Problem>> DeleteMe(
        Caller caller, [Microsoft.AspNetCore.Mvc.FromBody] DeleteAccountRequest? request, DeleteAccount delete, CancellationToken cancellation) =>
        (await delete.HandleAsync(caller.UserId, request?.Password, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();

    private static async Task<Results<Ok<UserSettings>, Problem>> GetSettings(Caller caller, ChangeSettings settings, CancellationToken cancellation) =>
        (await settings.ReadAsync(caller.UserId, cancellation)).Succeeded(out var found, out var failure) ? TypedResults.Ok(found) : new Problem(failure);

    private static async Task<Results<Ok<UserSettings>, Problem>> PutSettings(
        Caller caller, UserSettings request, ChangeSettings settings, CancellationToken cancellation) =>
        (await settings.HandleAsync(caller.UserId, request, cancellation)).Succeeded(out var found, out var failure)
            ? TypedResults.Ok(found)
            : new Problem(failure);

    private static Task<Results<Ok<Page<User>>, Problem>> ListContacts(
        Caller caller, IUserStore users, PresenceTable presence, string? cursor, int? limit, CancellationToken cancellation) =>
        ListCircle(Circle.Contacts, caller, users, presence, cursor, limit, cancellation);

    private static Task<Results<Ok<Page<User>>, Problem>> ListFollowing(
        Caller caller, IUserStore users, PresenceTable presence, string? cursor, int? limit, CancellationToken cancellation) =>
        ListCircle(Circle.Following, caller, users, presence, cursor, limit, cancellation);

    private static Task<Results<Ok<Page<User>>, Problem>> ListFollowers(
        Caller caller, IUserStore users, PresenceTable presence, string? cursor, int? limit, CancellationToken cancellation) =>
        ListCircle(Circle.Followers, caller, users, presence, cursor, limit, cancellation);

    private static Task<Results<Ok<Page<User>>, Problem>> ListBlocked(
        Caller caller, IUserStore users, PresenceTable presence, string? cursor, int? limit, CancellationToken cancellation) =>
        ListCircle(Circle.Blocked, caller, users, presence, cursor, limit, cancellation);

    private static async Task<Results<Ok<Page<User>>, Problem>> ListCircle(
        Circle circle, Caller caller, IUserStore users, PresenceTable presence, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (!NameCursor.TryRead(cursor, out var after))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        var count = PageLimits.Clamp(limit);
        var found = await users.ListAsync(circle, caller.UserId, after, count + 1, cancellation);
        return TypedResults.Ok(NameCursor.Page(found, count, Viewer.Of(caller), presence));
    }

    private static async Task<Results<Ok<Page<User>>, Problem>> Search(
        Caller caller, IUserStore users, PresenceTable presence, string? q, string? cursor, int? limit, CancellationToken cancellation)
    {
        var wanted = q?.Trim() ?? "";
        if (TextRules.HasNul(wanted) || TextRules.HasLoneSurrogate(wanted))
            return new Problem(new Failure(ErrorCodes.InvalidText));
        if (CodePoints.Count(wanted) is < 2 or > 100)
            return new Problem(Failure.OfField(ErrorCodes.ValidationFailed, "q", "must have 2 to 100 characters"));
        if (!NameCursor.TryRead(cursor, out var after))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        var count = PageLimits.Clamp(limit);
        var found = await users.SearchAsync(NameForm.Words(wanted), caller.UserId, after, count + 1, cancellation);
        return TypedResults.Ok(NameCursor.Page(found, count, Viewer.Of(caller), presence));
    }

    private static async Task<Results<NoContent, Problem>> Follow(Caller caller, UserId id, TiePeople ties, CancellationToken cancellation) =>
        (await ties.FollowAsync(caller.UserId, id, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();

    private static async Task<NoContent> Unfollow(Caller caller, UserId id, TiePeople ties, CancellationToken cancellation)
    {
        await ties.UnfollowAsync(caller.UserId, id, cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, Problem>> Block(Caller caller, UserId id, TiePeople ties, CancellationToken cancellation) =>
        (await ties.BlockAsync(caller.UserId, id, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();

    private static async Task<NoContent> Unblock(Caller caller, UserId id, TiePeople ties, CancellationToken cancellation)
    {
        await ties.UnblockAsync(caller.UserId, id, cancellation);
        return TypedResults.NoContent();
    }
}
