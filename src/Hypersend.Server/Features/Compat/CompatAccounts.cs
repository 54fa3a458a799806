using System.Text.Json.Serialization;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.RateLimits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hypersend.Server.Features.Compat;

/// <summary>Doors for clients of other servers: their paths, our use cases, and the keys they read beside ours.</summary>
internal static class CompatAccounts
{
    public static void MapCompatAccounts(this IEndpointRouteBuilder routes)
    {
        var doors = routes.MapGroup("/api/auth").WithTags("Compat").AllowAnonymous();
        doors.MapPost("/register", Register).LimitedBy(RateLimitTable.Credentials);
        doors.MapPost("/signup", Register).LimitedBy(RateLimitTable.Credentials);
        doors.MapPost("/login", LogInAsync).LimitedBy(RateLimitTable.Credentials);
        doors.MapPost("/refresh", Refresh).LimitedBy(RateLimitTable.Sessions);
        doors.MapPost("/logout", AccountEndpoints.LogOut).LimitedBy(RateLimitTable.Sessions);
        routes.MapGet("/api/auth/me", Me).WithTags("Compat").RequireAuthorization().LimitedBy(RateLimitTable.Sessions);
    }

    private static async Task<Results<Ok<CompatSignedIn>, Accepted<ConfirmationSent>, Problem>> Register(
        RegisterRequest request, RegisterAccount register, AccountOptions options, SessionCookies cookies, HttpContext context) =>
        (await AccountEndpoints.Register(request, register, options, cookies, context)).Result switch
        {
            Accepted<ConfirmationSent> sent => sent,
            Ok<SignedIn> { Value: { } answer } => TypedResults.Ok(Widen(answer)),
            Problem problem => problem,
            _ => throw new InvalidOperationException("An answer that a registration does not give."),
        };

    private static async Task<Results<Ok<CompatSignedIn>, Problem>> LogInAsync(
        LoginRequest request, LogIn logIn, SessionCookies cookies, HttpContext context) =>
        Widen((await AccountEndpoints.LogInAsync(request, logIn, cookies, context)).Result);

    private static async Task<Results<Ok<CompatSignedIn>, Problem>> Refresh(
        RefreshRequest? request, RefreshSession refresh, SessionCookies cookies, OwnOrigin origin, HttpContext context) =>
        Widen((await AccountEndpoints.Refresh(request, refresh, cookies, origin, context)).Result);

    private static async Task<Results<Ok<CompatMe>, Problem>> Me(
        Caller caller, IUserStore users, PresenceTable presence, CancellationToken cancellation) =>
        (await AccountEndpoints.GetMe(caller, users, presence, cancellation)).Result switch
        {
            Ok<User> { Value: { } user } => TypedResults.Ok(new CompatMe(user.Id, user.Username, user.Email, user.Name, user)),
            Problem problem => problem,
            _ => throw new InvalidOperationException("An answer that GetMe does not give."),
        };

    private static Results<Ok<CompatSignedIn>, Problem> Widen(IResult result) => result switch
    {
        Ok<SignedIn> { Value: { } answer } => TypedResults.Ok(Widen(answer)),
        Problem problem => problem,
        _ => throw new InvalidOperationException("An answer that the accounts do not give."),
    };

    private static CompatSignedIn Widen(SignedIn answer) => new(
        answer.AccessToken, answer.Id, answer.Username, answer.Email, answer.Name, answer.AccessToken, answer.RefreshToken, answer.TokenType, answer.ExpiresIn, answer.User);
}

/// <summary>A sign-in with <c>token</c> beside <c>access_token</c>.</summary>
internal sealed record CompatSignedIn(
    string Token,
    UserId Id,
    string Username,
    string? Email,
    string Name,
    string AccessToken,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken,
    string TokenType,
    int ExpiresIn,
    User User);

/// <summary>Me, both at the top and under <c>user</c>.</summary>
internal sealed record CompatMe(UserId Id, string Username, string? Email, string Name, User User);

/// <summary>The JSON of the compat doors alone; it is no part of the contract that others compile against.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(Hypersend.Contracts.InstantConverter)])]
[JsonSerializable(typeof(CompatSignedIn))]
[JsonSerializable(typeof(CompatMe))]
[JsonSerializable(typeof(IReadOnlyList<CompatRoom>))]
[JsonSerializable(typeof(CompatChannels))]
[JsonSerializable(typeof(CompatChannelRequest))]
[JsonSerializable(typeof(IReadOnlyList<CompatMessage>))]
[JsonSerializable(typeof(CompatSendRequest))]
[JsonSerializable(typeof(CompatFile))]
internal sealed partial class CompatJson : JsonSerializerContext;
