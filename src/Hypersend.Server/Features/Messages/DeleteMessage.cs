using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Messages;

/// <summary>Leaves a tombstone in place of a message: its author may, and the chat's admins.</summary>
internal sealed class DeleteMessage(IMessageStore store, ChangePublisher publisher, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(UserId actor, MessageId id, CancellationToken cancellation)
    {
        var result = await store.DeleteAsync(actor, id, clock.GetUtcNow(), cancellation);
        if (!result.Succeeded(out var changed, out var failure))
            return failure;
        if (changed.Change is { } change)
            await publisher.PublishAsync(change);
        return changed.Answer;
    }
}
