using System.Security.Cryptography;
using System.Text;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Settings;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Opens a session for a name and a password, and a code where two-step verification is on.</summary>
internal sealed partial class LogIn(
    IAccountStore accounts,
    ISessionStore sessions,
    IUserStore users,
    ILoginAttempts attempts,
    PasswordHasher hasher,
    SecondStep secondStep,
    SessionTokens tokens,
    ServerOptions options,
    TimeProvider clock,
    ILogger<LogIn> log)
{
    public async Task<Result<SignedInSession>> HandleAsync(LoginRequest request, Device device, CancellationToken cancellation)
    {
        if ((request.Login ?? request.Email ?? request.Username) is not { } login)
            return Failure.OfField(ErrorCodes.ValidationFailed, "login", "is required: an e-mail address or a user name");

        var result = await SignInAsync(NameForm.Of(login.Trim()), request, device, cancellation);
        AccountMetrics.SignedIn(result.Failure?.Code ?? "signed_in");
        return result;
    }

    private async Task<Result<SignedInSession>> SignInAsync(string key, LoginRequest request, Device device, CancellationToken cancellation)
    {
        var attempt = new LoginAttempt(SHA256.HashData(Encoding.UTF8.GetBytes(key)), device.Network);
        if (options.RateLimitsOn && await attempts.TakeAsync(attempt, clock.GetUtcNow(), cancellation) is { } wait)
            return Refuse(null, new Failure(ErrorCodes.TooManyFailures) { RetryAfter = wait });

        var account = await accounts.FindByLoginAsync(key, cancellation);
        var verdict = await hasher.VerifyAsync(request.Password, account?.PasswordHash, cancellation);
        if (account is null || verdict == PasswordVerdict.Wrong)
            return Refuse(account, new Failure(ErrorCodes.InvalidCredentials));
        if (account.Disabled)
            return Refuse(account, new Failure(ErrorCodes.AccountDisabled));
        if (account.TotpSecret is not null && await secondStep.RefuseAsync(account, request.Totp, cancellation) is { } refusal)
            return Refuse(account, refusal);
        if (verdict == PasswordVerdict.RightButOld)
            await accounts.RehashAsync(account.Id, account.PasswordHash!, await hasher.HashAsync(request.Password, cancellation), cancellation);

        var (session, refreshToken) = tokens.New(account.Id, device);
        await sessions.OpenAsync(session, attempt, cancellation);
        SignedIn(log, account.Id, session.Id);
        return await users.FindAsync(account.Id, account.Id, cancellation) is { } profile
            ? tokens.Answer(profile, session.Id, refreshToken)
            : new Failure(ErrorCodes.InvalidCredentials);
    }

    // Whose name it was is no word for a log, and which name nobody has is none either.
    private Failure Refuse(Credentials? account, Failure failure)
    {
        if (account is null)
            RefusedStranger(log, failure.Code);
        else
            Refused(log, account.Id, failure.Code);
        return failure;
    }

    [LoggerMessage(103, LogLevel.Information, "User {User} signed in; session {Session}")]
    private static partial void SignedIn(ILogger logger, UserId user, SessionId session);

    [LoggerMessage(104, LogLevel.Information, "A sign-in of user {User} was refused: {Code}")]
    private static partial void Refused(ILogger logger, UserId user, string code);

    [LoggerMessage(105, LogLevel.Information, "A sign-in was refused: {Code}")]
    private static partial void RefusedStranger(ILogger logger, string code);
}
