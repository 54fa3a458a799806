using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Admin;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Two-step verification: a secret, the first code that proves it was taken over, and the way out.</summary>
internal sealed class SetUpTotp(
    IAccountStore accounts, ILoginAttempts attempts, SealedText seal, SecondStep secondStep, ServerOptions options, LiveSettings settings, TimeProvider clock)
{
    private const string CodeAttempts = "codes";

    public async Task<Result<TotpSetup>> BeginAsync(UserId user, CancellationToken cancellation)
    {
        if (await accounts.FindAsync(user, cancellation) is not { } account)
            return new Failure(ErrorCodes.NotFound);
        if (account.TotpSecret is not null)
            return new Failure(ErrorCodes.TotpAlreadyEnabled);
        var secret = Totp.NewSecret();
        await accounts.SetPendingTotpAsync(user, seal.Seal(secret), cancellation);
        return new TotpSetup { Secret = secret, Uri = Totp.Uri(settings.BrandName, account.Username, secret) };
    }

    public async Task<Result<RecoveryCodeList>> EnableAsync(UserId user, string code, CancellationToken cancellation)
    {
        if (await accounts.FindAsync(user, cancellation) is not { } account)
            return new Failure(ErrorCodes.NotFound);
        if (account.TotpSecret is not null)
            return new Failure(ErrorCodes.TotpAlreadyEnabled);
        if (account.TotpPending is not { } pending || !seal.TryOpen(pending, out var secret))
            return new Failure(ErrorCodes.TotpNotSetUp);
        if (Totp.MatchStep(secret, code.Replace(" ", "", StringComparison.Ordinal), clock.GetUtcNow(), 0) is not { } step)
            return Failure.OfField(ErrorCodes.WrongCode, "code", "is wrong");

        var codes = RecoveryCodes.New();
        return await accounts.EnableTotpAsync(user, pending, step, [.. codes.Select(RecoveryCodes.Hash)], cancellation)
            ? new RecoveryCodeList { RecoveryCodes = codes }
            : new Failure(ErrorCodes.Conflict);
    }

    public async Task<Result<Done>> DisableAsync(UserId user, string code, CancellationToken cancellation)
    {
        if (await accounts.FindAsync(user, cancellation) is not { TotpSecret: not null } account)
            return new Failure(ErrorCodes.TotpNotSetUp);
        var attempt = PasswordProof.AttemptOf(user, CodeAttempts);
        if (options.RateLimitsOn && await attempts.TakeAsync(attempt, clock.GetUtcNow(), cancellation) is { } wait)
            return new Failure(ErrorCodes.TooManyFailures) { RetryAfter = wait };
        if (!await secondStep.AcceptAsync(account, code, cancellation))
            return Failure.OfField(ErrorCodes.WrongCode, "code", "is wrong or was used already");
        await attempts.ForgetAsync(attempt, cancellation);
        await accounts.DisableTotpAsync(user, cancellation);
        return new Done();
    }
}
