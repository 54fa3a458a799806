using System.Security.Claims;
using System.Text.Encodings.Web;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth.Jwt;
using Hypersend.Server.Platform.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Hypersend.Server.Platform.Auth;

/// <summary>Lets a request in by its access token, or to media by a signed address or the media cookie, while its session lives.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    AccessTokens tokens,
    MediaCookies mediaCookies,
    UploadTokens uploadTokens,
    SessionCache sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "session";

    private const string Prefix = "Bearer ";

    private string _refusal = ErrorCodes.NotAuthenticated;
    private FileId? _onlyUpload;
    private bool _onlyBytes;

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
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new Caller(session, _onlyUpload, _onlyBytes)), SchemeName));
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
            var token = header[Prefix.Length..].Trim();
            if (token.StartsWith(UploadTokens.Prefix, StringComparison.Ordinal))
                return TryReadUpload(token, out id);
            if (!tokens.TryRead(token, out var claims))
                return false;
            id = new SessionId(claims!.SessionId);
            return true;
        }

        _onlyBytes = true;
        return TryReadAddress(out var isSigned, out id) || (!isSigned && TryReadCookie(out id));
    }

    private bool TryReadAddress(out bool isSigned, out SessionId id)
    {
        id = default;
        isSigned = false;
        if (Context.GetEndpoint()?.Metadata.GetMetadata<SignedUrlAllowed>() is not { } signed || Request.Query[signed.Parameter] is not [{ } signature])
            return false;

        // A signature that is not good any more is told, whatever else the browser sent along.
        isSigned = true;
        _refusal = ErrorCodes.InvalidUrl;
        if (signed.Read(Context, signature) is not { } session)
            return false;
        id = session;
        return true;
    }

    private bool TryReadUpload(string token, out SessionId id)
    {
        id = default;
        if (Context.GetEndpoint()?.Metadata.GetMetadata<UploadTokenAllowed>() is null || !uploadTokens.TryRead(token, out var file, out id))
            return false;
        _onlyUpload = file;
        return true;
    }

    private bool TryReadCookie(out SessionId id)
    {
        id = default;
        var reads = HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method);
        return reads
            && Context.GetEndpoint()?.Metadata.GetMetadata<MediaCookieAllowed>() is not null
            && Request.Cookies.TryGetValue(MediaCookies.Name, out var cookie)
            && mediaCookies.TryRead(cookie, out id);
    }
}

/// <summary>Marks a route that the token of an upload opens.</summary>
internal sealed class UploadTokenAllowed;

/// <summary>Marks a route that a signature in the address opens, and says how to read it: null when it is not good for this address.</summary>
internal sealed record SignedUrlAllowed(string Parameter, Func<HttpContext, string, SessionId?> Read);

/// <summary>Marks a route that the media cookie opens.</summary>
internal sealed class MediaCookieAllowed;
