using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Sets a password without the old one, for whoever runs the server; every session ends.</summary>
internal sealed class ReplacePassword(IAccountStore accounts, PasswordHasher hasher, SessionCache cache, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(Credentials account, string password, bool endsTotp, CancellationToken cancellation)
    {
        if (PasswordRules.Problem(password, account.Username, account.Email) is { } weakness)
            return Failure.OfField(ErrorCodes.WeakPassword, "password", weakness);
        var hash = await hasher.HashAsync(password, cancellation);
        if (endsTotp)
            await accounts.DisableTotpAsync(account.Id, cancellation);
        await accounts.ChangePasswordAsync(account.Id, hash, keep: null, clock.GetUtcNow(), cancellation);
        cache.Forget(account.Id, null);
        return new Done();
    }
}
