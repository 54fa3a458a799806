using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Messages;

/// <summary>Changes what a message of mine says; what it said before stays in its history.</summary>
internal sealed class EditMessage(IMessageStore store, ChangePublisher publisher, TimeProvider clock)
{
    public async Task<Result<Message>> HandleAsync(UserId actor, MessageId id, string content, CancellationToken cancellation)
    {
        if (MessageRules.RefuseText(content) is { } refusal)
            return refusal;
        return await (await store.EditAsync(actor, id, content, clock.GetUtcNow(), cancellation)).PublishAsync(publisher, clock);
    }
}
