using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Where sessions are kept: opened, renewed, listed, ended.</summary>
internal interface ISessionStore : ISessionLedger
{
    /// <summary>Opens a session and forgets the failed attempts before it.</summary>
    Task OpenAsync(NewSession session, LoginAttempt? succeeded, CancellationToken cancellation);

    Task<RefreshState?> FindRefreshAsync(SessionId id, CancellationToken cancellation);

    /// <summary>Moves the family on by one generation; false when another request did so meanwhile.</summary>
    Task<bool> RotateAsync(SessionId id, long fromGeneration, byte[] hash, byte[] nextHash, DateTimeOffset expiresAt, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Moves the end of a session on, never back.</summary>
    Task ProlongAsync(SessionId id, DateTimeOffset expiresAt, CancellationToken cancellation);

    Task<IReadOnlyList<SessionRow>> ListAsync(UserId user, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>False when this user has no such session.</summary>
    Task<bool> EndAsync(UserId user, SessionId id, DateTimeOffset now, CancellationToken cancellation);

    Task EndAllAsync(UserId user, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Marks a ticket as used; false when it was used before.</summary>
    Task<bool> SpendTicketAsync(byte[] nonce, DateTimeOffset expiresAt, CancellationToken cancellation);
}
