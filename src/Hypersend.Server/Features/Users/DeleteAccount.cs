using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Users;

/// <summary>Ends an account for good: what it wrote keeps its name, everything that identifies the person goes.</summary>
internal sealed class DeleteAccount(IUserStore users, PasswordProof proof, SessionCache sessions, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(Caller caller, string? password, CancellationToken cancellation)
    {
        if (password is not null && await proof.RefuseAsync(caller.UserId, password, "password", cancellation) is { } refusal)
            return refusal;

        if (await users.DeleteAsync(caller.UserId, clock.GetUtcNow(), cancellation) is { } code)
            return new Failure(code);
        sessions.Forget(caller.UserId, null);
        return new Done();
    }
}
