using Hypersend.Contracts;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.Server.Platform.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Admin;

/// <summary>/admin: accounts, invitations and the server's settings, for server admins only.</summary>
internal static class AdminEndpoints
{
    public static void MapAdmin(this IEndpointRouteBuilder api)
    {
        var admin = api.MapGroup("/admin").WithTags("Admin").RequireAdmin().LimitedBy(RateLimitTable.Admin);
        admin.MapGet("/users", ListUsers).WithSummary("All accounts");
        admin.MapPut("/users/{id}", UpdateUser).WithSummary("Role, disabled, quota");
        admin.MapPost("/users/{id}/logout", LogOutUser).WithSummary("End all sessions of somebody");
        admin.MapGet("/settings", GetSettings).WithSummary("The server's settings");
        admin.MapPut("/settings", PutSettings).WithSummary("Change the server's settings");
        admin.MapGet("/invites", ListInvites).WithSummary("Open invitations to register");
        admin.MapPost("/invites", CreateInvite).WithSummary("Invite somebody to register");
        admin.MapDelete("/invites/{id}", DeleteInvite).WithSummary("Withdraw an invitation");
        api.MapDebug();
    }

    private static async Task<Results<Ok<Page<User>>, Problem>> ListUsers(
        Caller caller, IAdminStore store, PresenceTable presence, string? q, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (!NameCursor.TryRead(cursor, out var after))
            return new Problem(new Failure(ErrorCodes.InvalidCursor));
        if (TextRules.HasNul(q ?? "") || TextRules.HasLoneSurrogate(q ?? ""))
            return new Problem(new Failure(ErrorCodes.InvalidText));
        var count = PageLimits.Clamp(limit);
        var found = await store.ListUsersAsync(NameForm.Of(q?.Trim() ?? ""), after, count + 1, cancellation);
        return TypedResults.Ok(NameCursor.Page(found, count, Viewer.Of(caller), presence));
    }

    private static async Task<Results<Ok<User>, Problem>> UpdateUser(
        Caller caller, UserId id, AdminUpdateUserRequest request, EditAccount edit, PresenceTable presence, CancellationToken cancellation) =>
        (await edit.HandleAsync(caller.UserId, id, request, cancellation)).Succeeded(out var profile, out var failure)
            ? TypedResults.Ok(UserRules.Present(profile, Viewer.Of(caller), presence))
            : new Problem(failure);

    private static async Task<Results<NoContent, Problem>> LogOutUser(
        UserId id, Caller caller, IUserStore users, ISessionStore sessions, SessionCache cache, TimeProvider clock, CancellationToken cancellation)
    {
        if (await users.FindAsync(id, caller.UserId, cancellation) is null)
            return new Problem(new Failure(ErrorCodes.NotFound));
        await sessions.EndAllAsync(id, clock.GetUtcNow(), cancellation);
        cache.Forget(id, null);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<ServerSettings>> GetSettings(LiveSettings settings, CancellationToken cancellation)
    {
        // Another node may have changed them a moment ago, and whoever changes them next starts from what is shown here.
        await settings.ReadAsync(cancellation);
        return TypedResults.Ok(settings.All());
    }

    private static async Task<Ok<ServerSettings>> PutSettings(ServerSettings request, LiveSettings settings, CancellationToken cancellation) =>
        TypedResults.Ok(await settings.ChangeAsync(request, cancellation));

    private static async Task<Ok<Page<RegistrationInvite>>> ListInvites(IAdminStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var rows = await store.ListInvitesAsync(clock.GetUtcNow(), cancellation);
        return TypedResults.Ok(new Page<RegistrationInvite> { Items = [.. rows.Select(InviteToRegister.Present)] });
    }

    private static async Task<Created<RegistrationInvite>> CreateInvite(
        Caller caller, CreateInviteRequest request, InviteToRegister invite, CancellationToken cancellation) =>
        TypedResults.Created((string?)null, await invite.HandleAsync(caller.UserId, request, cancellation));

    private static async Task<Results<NoContent, Problem>> DeleteInvite(InviteId id, IAdminStore store, CancellationToken cancellation) =>
        await store.DeleteInviteAsync(id, cancellation) ? TypedResults.NoContent() : new Problem(new Failure(ErrorCodes.NotFound));
}
