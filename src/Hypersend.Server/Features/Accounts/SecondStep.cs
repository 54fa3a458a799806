using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Checks a code of the authenticator app, or a recovery code; each is good once.</summary>
internal sealed class SecondStep(IAccountStore accounts, SealedText seal, TimeProvider clock)
{
    /// <summary>Null when the code is right.</summary>
    public async Task<Failure?> RefuseAsync(Credentials account, string? code, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(code))
            return new Failure(ErrorCodes.TotpRequired);
        return await AcceptAsync(account, code, cancellation) ? null : new Failure(ErrorCodes.InvalidTotp);
    }

    public async Task<bool> AcceptAsync(Credentials account, string code, CancellationToken cancellation)
    {
        var plain = code.Replace(" ", "", StringComparison.Ordinal);
        if (plain.Length == 6 && plain.All(char.IsAsciiDigit))
        {
            return account.TotpSecret is not null
                && seal.TryOpen(account.TotpSecret, out var secret)
                && Totp.MatchStep(secret, plain, clock.GetUtcNow(), account.TotpLastStep) is { } step
                && await accounts.TakeTotpStepAsync(account.Id, step, cancellation);
        }

        return await accounts.TakeRecoveryCodeAsync(account.Id, RecoveryCodes.Hash(code), cancellation);
    }
}
