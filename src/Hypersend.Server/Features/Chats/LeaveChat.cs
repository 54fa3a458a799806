using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Chats;

/// <summary>Leaves a chat. The last one to go ends it; a direct chat is hidden until the next message.</summary>
internal sealed class LeaveChat(IMemberStore store, ChatSweep sweep, ChangePublisher publisher, IBus bus, TimeProvider clock)
{
    public async Task<Result<Done>> HandleAsync(UserId actor, ChatId id, CancellationToken cancellation)
    {
        if (!(await store.LeaveAsync(actor, id, clock.GetUtcNow(), cancellation)).Succeeded(out var departure, out var failure))
            return failure;
        if (departure.Change is { } change)
            await publisher.PublishAsync(change);
        if (departure.Ended)
            sweep.Wake();
        if (departure.Hidden)
        {
            // Their devices take it off the list and go on listening: the next message brings it back.
            var removed = new ChatEventFrame { Type = EventTypes.ChatRemoved, ChatId = id, Rev = departure.Rev };
            bus.Publish(new UserNotice(actor, EventJson.Of(removed, HypersendJson.Wire.ChatEventFrame)));
        }

        return new Done();
    }
}
