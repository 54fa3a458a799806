using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Where accounts are kept, with the proofs that open them.</summary>
internal interface IAccountStore
{
    /// <summary>Makes account and first session, when it gets one, in one commit, if the gate lets it and the names are free.</summary>
    Task<Registration> RegisterAsync(NewAccount account, NewSession? session, RegistrationGate gate, CancellationToken cancellation);

    /// <summary>Keeps a registration until its mail is answered.</summary>
    Task AddPendingAsync(PendingAccount pending, CancellationToken cancellation);

    /// <summary>Uses the token up; null when it is not good (any more).</summary>
    Task<PendingAccount?> TakePendingAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellation);

    Task<Credentials?> FindByLoginAsync(string loginKey, CancellationToken cancellation);

    Task<Credentials?> FindAsync(UserId id, CancellationToken cancellation);

    /// <summary>The same password under a newer scheme; does nothing when it was changed meanwhile.</summary>
    Task RehashAsync(UserId id, string oldHash, string newHash, CancellationToken cancellation);

    /// <summary>Sets the password and ends all sessions, or all but one.</summary>
    Task ChangePasswordAsync(UserId id, string hash, SessionId? keep, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>False when a mail was asked for less than a minute ago.</summary>
    Task<bool> AddResetAsync(UserId id, byte[] tokenHash, DateTimeOffset expiresAt, DateTimeOffset now, CancellationToken cancellation);

    Task<Credentials?> FindByResetAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Uses the token up, sets the password and ends all sessions; null when the token is not good (any more).</summary>
    Task<UserId?> RedeemResetAsync(byte[] tokenHash, string hash, DateTimeOffset now, CancellationToken cancellation);

    Task SetPendingTotpAsync(UserId id, string sealedSecret, CancellationToken cancellation);

    /// <summary>False when another request enabled or replaced it meanwhile.</summary>
    Task<bool> EnableTotpAsync(UserId id, string sealedSecret, long step, IReadOnlyList<byte[]> codeHashes, CancellationToken cancellation);

    Task DisableTotpAsync(UserId id, CancellationToken cancellation);

    /// <summary>Uses a step up; false when it, or a later one, was used before.</summary>
    Task<bool> TakeTotpStepAsync(UserId id, long step, CancellationToken cancellation);

    /// <summary>Uses a recovery code up; false when there is none such.</summary>
    Task<bool> TakeRecoveryCodeAsync(UserId id, byte[] codeHash, CancellationToken cancellation);

    /// <summary>Deletes what has run out: sessions, resets, tickets, failures, revocations.</summary>
    Task SweepAsync(DateTimeOffset now, CancellationToken cancellation);
}
