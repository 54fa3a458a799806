using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Messages;

/// <summary>Puts a message on the chat's board or takes it off.</summary>
internal sealed class PinMessage(IMessageStore store, ChangePublisher publisher, TimeProvider clock)
{
    public async Task<Result<Message>> HandleAsync(UserId actor, MessageId id, bool on, CancellationToken cancellation) =>
        await (await store.PinAsync(actor, id, on, clock.GetUtcNow(), cancellation)).PublishAsync(publisher, clock);
}
