namespace Hypersend.Server.Features.Accounts;

/// <summary>Which account was tried from which network; the account by hash, so that unknown names count alike.</summary>
internal sealed record LoginAttempt(byte[] AccountHash, string Network);

/// <summary>Counts sign-in attempts, so that guessing slows down for the guesser and for nobody else.</summary>
internal interface ILoginAttempts
{
    /// <summary>
    /// Counts an attempt as failed before it is made, so that a hundred at once are not free; gives the time to wait
    /// when it may not be made.
    /// </summary>
    Task<TimeSpan?> TakeAsync(LoginAttempt attempt, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The attempt succeeded: those before it do not count any more.</summary>
    Task ForgetAsync(LoginAttempt attempt, CancellationToken cancellation);
}
