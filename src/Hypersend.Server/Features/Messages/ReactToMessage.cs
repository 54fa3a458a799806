using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Messages;

/// <summary>Puts one emoji of mine on a message or takes it off; doing it twice changes nothing.</summary>
internal sealed class ReactToMessage(IMessageStore store, ChangePublisher publisher, TimeProvider clock)
{
    public async Task<Result<Message>> HandleAsync(UserId actor, MessageId id, string emoji, bool on, CancellationToken cancellation)
    {
        if (!MessageRules.IsEmoji(emoji))
            return Failure.OfField(ErrorCodes.ValidationFailed, "emoji", "must be an emoji, or a word such as :tada:, of at most 16 characters");
        return await (await store.ReactAsync(actor, id, emoji, on, clock.GetUtcNow(), cancellation)).PublishAsync(publisher, clock);
    }
}
