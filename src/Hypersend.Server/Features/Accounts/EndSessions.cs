using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Accounts;

/// <summary>Ends one session or all of them: durable first, then out of this node's memory, then, by the bus or the poll, out of the others'.</summary>
internal sealed class EndSessions(ISessionStore sessions, SessionCache cache, TimeProvider clock)
{
    public async Task<Result<Done>> OneAsync(UserId user, SessionId id, CancellationToken cancellation)
    {
        var ended = await sessions.EndAsync(user, id, clock.GetUtcNow(), cancellation);
        cache.Forget(user, id);
        return ended ? new Done() : new Failure(ErrorCodes.NotFound);
    }

    public async Task AllAsync(UserId user, CancellationToken cancellation)
    {
        await sessions.EndAllAsync(user, clock.GetUtcNow(), cancellation);
        cache.Forget(user, null);
    }
}
