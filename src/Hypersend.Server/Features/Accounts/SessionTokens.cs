using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Auth.Jwt;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Makes what a sign-in hands out: a session row, its refresh tokens, access tokens.</summary>
internal sealed class SessionTokens(RefreshTokens refreshTokens, AccessTokens accessTokens, AccountOptions options, PresenceTable presence, TimeProvider clock)
{
    /// <summary>A session to be stored, and the refresh token that only its owner will know.</summary>
    public (NewSession Session, string RefreshToken) New(UserId user, Device device)
    {
        var now = clock.GetUtcNow();
        var id = new SessionId(Guid.CreateVersion7(now));
        var first = refreshTokens.First(id.Value);
        if (!refreshTokens.TryParse(first, out var parsed))
            throw new InvalidOperationException("A refresh token of our own making cannot be read.");
        return (new NewSession
        {
            Id = id,
            UserId = user,
            CreatedAt = now,
            ExpiresAt = Expiry(now),
            Address = device.Address,
            UserAgent = device.UserAgent,
            RefreshHash = RefreshTokens.HashOf(first),
            NextRefreshHash = RefreshTokens.HashOf(refreshTokens.Successor(parsed)),
        }, first);
    }

    public DateTimeOffset Expiry(DateTimeOffset now) => now.AddDays(options.RefreshTokenDays);

    public SignedInSession Answer(Profile profile, SessionId session, string refreshToken)
    {
        var now = clock.GetUtcNow();
        var access = accessTokens.Issue(profile.Id.Value, session.Value, profile.Role, out var expiresAt);
        var user = UserRules.Present(profile, Viewer.Self(profile.Id), presence);
        return new SignedInSession(session, refreshToken, Expiry(now), new SignedIn
        {
            Id = profile.Id,
            Username = profile.Username,
            Email = profile.Email,
            Name = profile.Name,
            AccessToken = access,
            RefreshToken = refreshToken,
            ExpiresIn = (int)Math.Ceiling((expiresAt - now).TotalSeconds),
            User = user,
        });
    }
}

/// <summary>A sign-in's answer, before it is decided where the refresh token travels.</summary>
internal sealed record SignedInSession(SessionId Session, string RefreshToken, DateTimeOffset RefreshExpiresAt, SignedIn Answer);
