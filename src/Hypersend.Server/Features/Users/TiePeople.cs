using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Users;

/// <summary>Follows and blocks, and their ends: who may see whom is another then, and whoever watches finds out at once.</summary>
internal sealed class TiePeople(IUserStore users, IBus bus, TimeProvider clock)
{
    public async Task<Result<Done>> FollowAsync(UserId me, UserId other, CancellationToken cancellation)
    {
        if (me == other)
            return new Failure(ErrorCodes.CannotTargetSelf);
        if (!await users.FollowAsync(me, other, clock.GetUtcNow(), cancellation))
            return new Failure(ErrorCodes.NotFound);
        bus.Publish(new CircleMoved(me));
        return default(Done);
    }

    public async Task UnfollowAsync(UserId me, UserId other, CancellationToken cancellation)
    {
        await users.UnfollowAsync(me, other, cancellation);
        bus.Publish(new CircleMoved(me));
    }

    public async Task<Result<Done>> BlockAsync(UserId me, UserId other, CancellationToken cancellation)
    {
        if (me == other)
            return new Failure(ErrorCodes.CannotTargetSelf);
        if (!await users.BlockAsync(me, other, clock.GetUtcNow(), cancellation))
            return new Failure(ErrorCodes.NotFound);

        // Neither follows the other any more.
        bus.Publish(new CircleMoved(me));
        bus.Publish(new CircleMoved(other));
        return default(Done);
    }

    public async Task UnblockAsync(UserId me, UserId other, CancellationToken cancellation)
    {
        await users.UnblockAsync(me, other, cancellation);
        bus.Publish(new CircleMoved(me));
    }
}
