using System.Security.Cryptography;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Accounts;

/// <summary>
/// Somebody signed in shows their password once more, before what cannot be undone. Counted like sign-ins: a session that
/// was left open is no place to guess from, and one person cannot fill the hashing queue that all sign-ins share.
/// </summary>
internal sealed class PasswordProof(
    IAccountStore accounts, ILoginAttempts attempts, PasswordHasher hasher, ServerOptions options, TimeProvider clock)
{
    private const string Passwords = "passwords";

    /// <summary>Null when the password is right; <paramref name="field"/> is where the request has it.</summary>
    public async Task<Failure?> RefuseAsync(UserId user, string password, string field, CancellationToken cancellation)
    {
        if (await accounts.FindAsync(user, cancellation) is not { } account)
            return new Failure(ErrorCodes.NotFound);
        var attempt = AttemptOf(user, Passwords);
        if (options.RateLimitsOn && await attempts.TakeAsync(attempt, clock.GetUtcNow(), cancellation) is { } wait)
            return new Failure(ErrorCodes.TooManyFailures) { RetryAfter = wait };
        if (await hasher.VerifyAsync(password, account.PasswordHash, cancellation) == PasswordVerdict.Wrong)
            return Failure.OfField(ErrorCodes.WrongPassword, field, "is wrong");
        if (options.RateLimitsOn)
            await attempts.ForgetAsync(attempt, cancellation);
        return null;
    }

    /// <summary>Attempts of somebody signed in, apart from those at the door, where the typed name counts: that must not tell which names are one person's.</summary>
    public static LoginAttempt AttemptOf(UserId user, string kind) =>
        new(SHA256.HashData(user.Value.ToByteArray(bigEndian: true)), kind);
}
