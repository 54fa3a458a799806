using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Auth.Jwt;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Accounts;

/// <summary>
/// Ends the session that asks, by whatever still proves it: an access token (an expired one will do), a refresh token,
/// or the cookie of our own pages. Asking twice is no error.
/// </summary>
internal sealed class LogOutCaller(AccessTokens accessTokens, RefreshTokens refreshTokens, ISessionStore sessions, OwnOrigin origin, EndSessions end)
{
    private const string Prefix = "Bearer ";

    public async Task<Result<Done>> HandleAsync(HttpRequest request, string? refreshToken, CancellationToken cancellation)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && accessTokens.TryReadExpired(header[Prefix.Length..].Trim(), out var claims))
        {
            await end.OneAsync(new UserId(claims!.UserId), new SessionId(claims.SessionId), cancellation);
            return new Done();
        }

        if (refreshToken is null && SessionCookies.Read(request) is { } cookie)
        {
            if (!origin.Sent(request))
                return new Failure(ErrorCodes.CrossSite);
            refreshToken = cookie;
        }

        if (refreshToken is null || !refreshTokens.TryParse(refreshToken, out var token))
            return new Failure(header.Length > 0 ? ErrorCodes.InvalidToken : ErrorCodes.NotAuthenticated);

        var id = new SessionId(token.SessionId);
        if (await sessions.FindRefreshAsync(id, cancellation) is { } state && IsOfFamily(state, token))
            await end.OneAsync(state.UserId, id, cancellation);
        return new Done();
    }

    // Any token of the family may end it: an old one too, for that is what a reuse does anyway.
    private static bool IsOfFamily(RefreshState state, RefreshToken token) =>
        RefreshRules.Decide((uint)state.Generation, state.RefreshHash, state.NextRefreshHash, token) != RefreshVerdict.Unknown;
}
