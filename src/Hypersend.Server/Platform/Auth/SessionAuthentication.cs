using System.Security.Claims;
using System.Text.Encodings.Web;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth.Jwt;
using Hypersend.Server.Platform.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Hypersend.Server.Platform.Auth;

/// <summary>Lets a request in by its access token, or to media by the media cookie, while its session lives.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    AccessTokens tokens,
    MediaCookies mediaCookies,
    SessionCache sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "session";

    private const string Prefix = "Bearer ";

    private string _refusal = ErrorCodes.NotAuthenticated;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!TryReadSession(out var id))
            return AuthenticateResult.NoResult();
        if (await sessions.FindAsync(id, Context.RequestAborted) is not { } session)
        {
            _refusal = ErrorCodes.SessionEnded;
            return AuthenticateResult.Fail("The session has ended.");
        }

        sessions.Used(session);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new Caller(session)), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        Problem.WriteAsync(Context, new Failure(_refusal));

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problem.WriteAsync(Context, new Failure(ErrorCodes.Forbidden));

    private bool TryReadSession(out SessionId id)
    {
        id = default;
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            _refusal = ErrorCodes.InvalidToken;
            if (!tokens.TryRead(header[Prefix.Length..].Trim(), out var claims))
                return false;
            id = new SessionId(claims!.SessionId);
            return true;
        }

        var reads = HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method);
        return reads
            && Context.GetEndpoint()?.Metadata.GetMetadata<MediaCookieAllowed>() is not null
            && Request.Cookies.TryGetValue(MediaCookies.Name, out var cookie)
            && mediaCookies.TryRead(cookie, out id);
    }
}

/// <summary>Marks a route that the media cookie opens.</summary>
internal sealed class MediaCookieAllowed;
