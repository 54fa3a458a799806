using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Sets a new password for somebody who knows the old one; every other session ends.</summary>
internal sealed class ChangePassword(IAccountStore accounts, PasswordProof proof, PasswordHasher hasher, SessionCache cache, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(Caller caller, ChangePasswordRequest request, CancellationToken cancellation)
    {
        if (await accounts.FindAsync(caller.UserId, cancellation) is not { } account)
            return new Failure(ErrorCodes.NotFound);
        if (PasswordRules.Problem(request.NewPassword, account.Username, account.Email) is { } weakness)
            return Failure.OfField(ErrorCodes.WeakPassword, "new_password", weakness);
        if (await proof.RefuseAsync(caller.UserId, request.CurrentPassword, "current_password", cancellation) is { } refusal)
            return refusal;

        var hash = await hasher.HashAsync(request.NewPassword, cancellation);
        await accounts.ChangePasswordAsync(caller.UserId, hash, caller.SessionId, clock.GetUtcNow(), cancellation);
        cache.Forget(caller.UserId, null);
        return new Done();
    }
}
