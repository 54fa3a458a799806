using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Platform.Auth;

/// <summary>What a request needs to know of a session; cached, and read again when a revocation names it.</summary>
internal sealed record SessionState
{
    public SessionId Id { get; init; }

    public UserId UserId { get; init; }

    public string Role { get; init; } = "";

    public bool Disabled { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>"Read this session, or all sessions of this user, again."</summary>
internal sealed record Revocation
{
    public Guid Id { get; init; }

    public UserId UserId { get; init; }

    public SessionId? SessionId { get; init; }
}

/// <summary>Where sessions are kept, as far as letting requests in needs it.</summary>
internal interface ISessionLedger
{
    /// <summary>Null when it has ended, or its account is gone.</summary>
    Task<SessionState?> FindAsync(SessionId id, CancellationToken cancellation);

    Task<IReadOnlyList<Revocation>> RevokedSinceAsync(DateTimeOffset since, CancellationToken cancellation);

    /// <summary>Notes when sessions and their people were last seen, all in one write.</summary>
    Task TouchAsync(IReadOnlyList<SessionUse> uses, CancellationToken cancellation);
}

/// <param name="IsHidden">It is no sign of life for others.</param>
internal sealed record SessionUse(SessionId Id, UserId UserId, DateTimeOffset At, bool IsHidden = false);
