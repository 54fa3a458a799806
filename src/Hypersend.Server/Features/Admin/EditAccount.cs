using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Admin;

/// <summary>Changes an account's role, quota, or whether it may sign in at all.</summary>
internal sealed class EditAccount(IAdminStore store, IUserStore users, SessionCache sessions, TimeProvider clock)
{
    public async Task<Result<Profile>> HandleAsync(UserId admin, UserId id, AdminUpdateUserRequest request, CancellationToken cancellation)
    {
        var change = new AccountChange { Role = request.Role, Disabled = request.Disabled, QuotaBytes = request.QuotaBytes };
        if (await store.UpdateUserAsync(id, change, clock.GetUtcNow(), cancellation) is { } code)
            return new Failure(code);
        sessions.Forget(id, null);
        return await users.FindAsync(id, admin, cancellation) is { } profile ? profile : new Failure(ErrorCodes.NotFound);
    }
}
