using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Users;

/// <summary>
/// Ends an account for good: what it wrote keeps its name, everything that identifies the person goes, and they leave their
/// chats, chat by chat; a server that dies in between goes on with it when it starts.
/// </summary>
internal sealed class DeleteAccount(
    IUserStore users, IMemberStore members, PasswordProof proof, SessionCache sessions, TellOfPerson tell, ChangePublisher publisher, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(UserId id, string? password, CancellationToken cancellation)
    {
        if (password is not null && await proof.RefuseAsync(id, password, "password", cancellation) is { } refusal)
            return refusal;

        if (await users.DeleteAsync(id, clock.GetUtcNow(), cancellation) is { } code)
            return new Failure(code);
        sessions.Forget(id, null);
        await tell.HandleAsync(id);
        while (await members.LeaveNextAsync(id, clock.GetUtcNow(), CancellationToken.None) is { } change)
            await publisher.PublishAsync(change);
        return new Done();
    }
}
