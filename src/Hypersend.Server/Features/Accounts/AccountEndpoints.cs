using Hypersend.Contracts;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Health;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Accounts;

/// <summary>/auth: who you are and how you prove it.</summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder api)
    {
        var doors = api.MapGroup("/auth").WithTags("Accounts").AllowAnonymous().LimitedBy(RateLimitTable.Credentials);
        doors.MapPost("/register", Register).WithSummary("Make an account and sign in");
        doors.MapPost("/confirm", Confirm).WithSummary("Confirm the address of a registration with the mail's token");
        doors.MapPost("/login", LogInAsync).WithSummary("Sign in with e-mail or user name");
        doors.MapPost("/forgot-password", ForgotPassword).WithSummary("Ask for a reset mail");
        doors.MapPost("/reset-password", ResetPasswordAsync).WithSummary("Choose a new password with the mail's token");

        var renewals = api.MapGroup("/auth").WithTags("Accounts").AllowAnonymous().LimitedBy(RateLimitTable.Sessions);
        renewals.MapPost("/refresh", Refresh).WithSummary("Change the refresh token for a new pair");
        renewals.MapPost("/logout", LogOut).WithSummary("End this session");

        var mine = api.MapGroup("/auth").WithTags("Accounts").RequireAuthorization().LimitedBy(RateLimitTable.Sessions);
        mine.MapGet("/me", GetMe).WithSummary("Who I am");
        mine.MapPost("/logout-all", LogOutAll).WithSummary("End all my sessions, this one too");
        mine.MapGet("/sessions", ListSessions).WithSummary("Where I am signed in");
        mine.MapDelete("/sessions/{id}", EndSession).WithSummary("End one of my sessions");
        mine.MapPost("/ws-ticket", IssueTicket).WithSummary("A single-use ticket for the socket");
        mine.MapPost("/totp/setup", BeginTotp).WithSummary("Begin two-step verification");

        var proofs = api.MapGroup("/auth").WithTags("Accounts").RequireAuthorization().LimitedBy(RateLimitTable.Credentials);
        proofs.MapMethods("/change-password", [HttpMethods.Put, HttpMethods.Post], ChangePasswordAsync).WithSummary("Change my password");
        proofs.MapPost("/totp/enable", EnableTotp).WithSummary("Switch two-step verification on");
        proofs.MapPost("/totp/disable", DisableTotp).WithSummary("Switch two-step verification off");
    }

    internal static async Task<Results<Ok<SignedIn>, Accepted<ConfirmationSent>, Problem>> Register(
        RegisterRequest request, RegisterAccount register, AccountOptions options, SessionCookies cookies, HttpContext context)
    {
        var result = await register.HandleAsync(request, Device.Of(context), context.RequestAborted);
        if (!result.Succeeded(out var registered, out var failure))
            return new Problem(failure);
        if (registered.Session is not { } signedIn)
            return TypedResults.Accepted((string?)null, new ConfirmationSent { Email = request.Email, ExpiresIn = options.ConfirmHours * 3600 });
        return TypedResults.Ok(Deliver(context, cookies, signedIn, request.Session));
    }

    private static async Task<Results<Ok<SignedIn>, Problem>> Confirm(
        ConfirmRequest request, ConfirmAccount confirm, SessionCookies cookies, HttpContext context)
    {
        var result = await confirm.HandleAsync(request, Device.Of(context), context.RequestAborted);
        return result.Succeeded(out var signedIn, out var failure)
            ? TypedResults.Ok(Deliver(context, cookies, signedIn, request.Session))
            : new Problem(failure);
    }

    internal static async Task<Results<Ok<SignedIn>, Problem>> LogInAsync(
        LoginRequest request, LogIn logIn, SessionCookies cookies, HttpContext context)
    {
        var result = await logIn.HandleAsync(request, Device.Of(context), context.RequestAborted);
        return result.Succeeded(out var signedIn, out var failure)
            ? TypedResults.Ok(Deliver(context, cookies, signedIn, request.Session))
            : new Problem(failure);
    }

    internal static async Task<Results<Ok<SignedIn>, Problem>> Refresh(
        RefreshRequest? request, RefreshSession refresh, SessionCookies cookies, OwnOrigin origin, HttpContext context)
    {
        var fromCookie = request?.RefreshToken is null;
        if (fromCookie && SessionCookies.Read(context.Request) is not null && !origin.Sent(context.Request))
            return new Problem(new Failure(ErrorCodes.CrossSite));

        var token = request?.RefreshToken ?? SessionCookies.Read(context.Request);
        var result = await refresh.HandleAsync(token, context.RequestAborted);
        if (result.Succeeded(out var signedIn, out var failure))
            return TypedResults.Ok(Deliver(context, cookies, signedIn, fromCookie ? SessionModes.Cookie : request!.Session));
        if (fromCookie)
            SessionCookies.Clear(context);
        return new Problem(failure);
    }

    internal static async Task<Results<NoContent, Problem>> LogOut(
        RefreshRequest? request, LogOutCaller logOut, HttpContext context)
    {
        var result = await logOut.HandleAsync(context.Request, request?.RefreshToken, context.RequestAborted);
        if (result.Failure is { } failure)
            return new Problem(failure);
        SessionCookies.Clear(context);
        return TypedResults.NoContent();
    }

    internal static async Task<Results<Ok<User>, Problem>> GetMe(Caller caller, IUserStore users, PresenceTable presence, CancellationToken cancellation) =>
        await users.FindAsync(caller.UserId, caller.UserId, cancellation) is { } profile
            ? TypedResults.Ok(UserRules.Present(profile, Viewer.Of(caller), presence))
            : new Problem(new Failure(ErrorCodes.NotFound));

    private static async Task<NoContent> LogOutAll(Caller caller, EndSessions end, HttpContext context)
    {
        await end.AllAsync(caller.UserId, context.RequestAborted);
        SessionCookies.Clear(context);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<Page<Session>>> ListSessions(Caller caller, ISessionStore sessions, TimeProvider clock, CancellationToken cancellation)
    {
        var rows = await sessions.ListAsync(caller.UserId, clock.GetUtcNow(), cancellation);
        return TypedResults.Ok(new Page<Session>
        {
            Items =
            [
                .. rows.Select(row => new Session
                {
                    Id = row.Id,
                    CreatedAt = row.CreatedAt,
                    LastUsedAt = row.LastUsedAt,
                    ExpiresAt = row.ExpiresAt,
                    Address = row.Address,
                    UserAgent = row.UserAgent,
                    Current = row.Id == caller.SessionId,
                }),
            ],
        });
    }

    private static async Task<Results<NoContent, Problem>> EndSession(Caller caller, SessionId id, EndSessions end, CancellationToken cancellation) =>
        (await end.OneAsync(caller.UserId, id, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();

    private static Ok<SocketTicket> IssueTicket(Caller caller, SocketTickets tickets) =>
        TypedResults.Ok(new SocketTicket { Ticket = tickets.Issue(caller.SessionId), ExpiresIn = SocketTickets.LifetimeSeconds });

    private static async Task<Results<NoContent, Problem>> ChangePasswordAsync(
        Caller caller, ChangePasswordRequest request, ChangePassword change, CancellationToken cancellation) =>
        (await change.HandleAsync(caller, request, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();

    private static async Task<Results<Accepted, Problem>> ForgotPassword(
        ForgotPasswordRequest request, ResetMails mails, HealthState health, CancellationToken cancellation)
    {
        // The address is looked up beside the request; that nobody could look it up is the same for all, and can be said.
        if ((await health.AskAsync(cancellation)).DatabaseIsAway)
            return new Problem(new Failure(ErrorCodes.Unavailable, "The database cannot be reached."));
        return mails.TryAsk(request.Email) ? TypedResults.Accepted((string?)null) : new Problem(new Failure(ErrorCodes.Busy));
    }

    private static async Task<Results<NoContent, Problem>> ResetPasswordAsync(
        ResetPasswordRequest request, ResetPassword reset, CancellationToken cancellation) =>
        (await reset.HandleAsync(request, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();

    private static async Task<Results<Ok<TotpSetup>, Problem>> BeginTotp(Caller caller, SetUpTotp totp, CancellationToken cancellation) =>
        (await totp.BeginAsync(caller.UserId, cancellation)).Succeeded(out var setup, out var failure) ? TypedResults.Ok(setup) : new Problem(failure);

    private static async Task<Results<Ok<RecoveryCodeList>, Problem>> EnableTotp(
        Caller caller, TotpCodeRequest request, SetUpTotp totp, CancellationToken cancellation) =>
        (await totp.EnableAsync(caller.UserId, request.Code, cancellation)).Succeeded(out var codes, out var failure)
            ? TypedResults.Ok(codes)
            : new Problem(failure);

    private static async Task<Results<NoContent, Problem>> DisableTotp(
        Caller caller, TotpCodeRequest request, SetUpTotp totp, CancellationToken cancellation) =>
        (await totp.DisableAsync(caller.UserId, request.Code, cancellation)).Failure is { } failure ? new Problem(failure) : TypedResults.NoContent();

    private static SignedIn Deliver(HttpContext context, SessionCookies cookies, SignedInSession signedIn, string? mode) =>
        mode == SessionModes.Cookie ? cookies.Write(context, signedIn) : signedIn.Answer;
}
