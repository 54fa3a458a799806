using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Chats;

/// <summary>Ends a chat for everybody. A direct chat belongs to two: one of them can only put it away.</summary>
internal sealed class DeleteChat(IChatStore store, LeaveChat leave, ChatSweep sweep, ChangePublisher publisher, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(UserId actor, ChatId id, CancellationToken cancellation)
    {
        if (await store.FindTypeAsync(id, cancellation) == ChatTypes.Direct)
            return await leave.HandleAsync(actor, id, cancellation);
        var result = await store.DeleteAsync(actor, id, clock.GetUtcNow(), cancellation).PublishAsync(publisher);
        if (result.Failure is null)
            sweep.Wake();
        return result;
    }
}
