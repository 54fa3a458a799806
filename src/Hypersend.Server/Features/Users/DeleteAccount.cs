using Hypersend.Contracts.Errors;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Users;

/// <summary>Ends an account for good: what it wrote keeps its name, everything that identifies the person goes.</summary>
internal sealed class DeleteAccount(IUserStore users, IAccountStore accounts, PasswordHasher hasher, SessionCache sessions, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(Caller caller, string? password, CancellationToken cancellation)
    {
        if (password is not null)
        {
            var account = await accounts.FindAsync(caller.UserId, cancellation);
            if (await hasher.VerifyAsync(password, account?.PasswordHash, cancellation) == PasswordVerdict.Wrong)
                return Failure.OfField(ErrorCodes.WrongPassword, "password", "is wrong");
        }

        if (await users.DeleteAsync(caller.UserId, clock.GetUtcNow(), cancellation) is { } code)
            return new Failure(code);
        sessions.Forget(caller.UserId, null);
        return new Done();
    }
}
