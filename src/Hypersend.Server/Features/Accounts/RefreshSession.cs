using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Accounts;

/// <summary>
/// Changes a refresh token for its successor. The successor is derived, so any number of parallel refreshes of one
/// client get the same one; a token whose successor was used is stolen goods and ends the family.
/// </summary>
internal sealed partial class RefreshSession(
    ISessionStore sessions,
    IUserStore users,
    RefreshTokens refreshTokens,
    SessionTokens tokens,
    SessionCache cache,
    TimeProvider clock,
    ILogger<RefreshSession> log)
{
    private static readonly TimeSpan ProlongFrom = TimeSpan.FromHours(1);

    public async Task<Result<SignedInSession>> HandleAsync(string? tokenText, CancellationToken cancellation)
    {
        if (tokenText is null || !refreshTokens.TryParse(tokenText, out var token))
            return new Failure(ErrorCodes.InvalidRefreshToken);

        while (true)
        {
            var id = new SessionId(token.SessionId);
            var now = clock.GetUtcNow();
            if (await sessions.FindRefreshAsync(id, cancellation) is not { Disabled: false } state || state.ExpiresAt <= now)
                return new Failure(ErrorCodes.InvalidRefreshToken);

            switch (RefreshRules.Decide((uint)state.Generation, state.RefreshHash, state.NextRefreshHash, token))
            {
                case RefreshVerdict.Repeat:
                    // Every sign-in's first refresh is such a repeat: it keeps the session alive too, without a write for each tab.
                    if (tokens.Expiry(now) - state.ExpiresAt > ProlongFrom)
                        await sessions.ProlongAsync(id, tokens.Expiry(now), cancellation);
                    return await AnswerAsync(state.UserId, id, refreshTokens.Successor(token, state.NextRefreshHash), cancellation);

                case RefreshVerdict.Rotate:
                    var successor = refreshTokens.Successor(token);
                    if (await sessions.RotateAsync(
                            id, state.Generation, state.NextRefreshHash, RefreshTokens.HashOf(successor), tokens.Expiry(now), now, cancellation))
                    {
                        return await AnswerAsync(state.UserId, id, successor, cancellation);
                    }

                    // Another request of the same client was first: look again, this one is a repeat now.
                    continue;

                case RefreshVerdict.Reused:
                    await sessions.EndAsync(state.UserId, id, now, cancellation);
                    cache.Forget(state.UserId, id);
                    Reused(log, id);
                    AccountMetrics.RefreshReused();
                    return new Failure(ErrorCodes.RefreshReused);

                default:
                    return new Failure(ErrorCodes.InvalidRefreshToken);
            }
        }
    }

    private async Task<Result<SignedInSession>> AnswerAsync(UserId user, SessionId session, string successor, CancellationToken cancellation) =>
        await users.FindAsync(user, user, cancellation) is { } profile
            ? tokens.Answer(profile, session, successor)
            : new Failure(ErrorCodes.InvalidRefreshToken);

    [LoggerMessage(100, LogLevel.Warning, "A used refresh token of session {Session} came back; the session was ended")]
    private static partial void Reused(ILogger log, SessionId session);
}
