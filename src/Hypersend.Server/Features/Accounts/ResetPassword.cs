using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Sets a new password for the holder of a reset link, once; every session ends.</summary>
internal sealed class ResetPassword(IAccountStore accounts, PasswordHasher hasher, SessionCache cache, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(ResetPasswordRequest request, CancellationToken cancellation)
    {
        var tokenHash = OneTimeSecret.HashOf(request.Token);
        if (await accounts.FindByResetAsync(tokenHash, clock.GetUtcNow(), cancellation) is not { } account)
            return new Failure(ErrorCodes.InvalidResetToken);
        if (PasswordRules.Problem(request.NewPassword, account.Username, account.Email) is { } weakness)
            return Failure.OfField(ErrorCodes.WeakPassword, "new_password", weakness);

        var hash = await hasher.HashAsync(request.NewPassword, cancellation);
        if (await accounts.RedeemResetAsync(tokenHash, hash, clock.GetUtcNow(), cancellation) is not { } user)
            return new Failure(ErrorCodes.InvalidResetToken);
        cache.Forget(user, null);
        return new Done();
    }
}
