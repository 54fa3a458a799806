using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Chats;

/// <summary>Lets the others know that somebody is typing; not who does not want to hear from them.</summary>
internal sealed class TellTyping(IMemberStore members, IBus bus)
{
    public async Task HandleAsync(UserId user, ListenedChat chat, bool on, CancellationToken cancellation)
    {
        // Whom the other one blocks is not told of it: to them it looks as always.
        if (chat.Type == ChatTypes.Direct && await members.IsBlockedAsync(chat.No, user, cancellation))
            return;
        var typing = new TypingEvent { ChatId = chat.Id, UserId = user, On = on };
        bus.Publish(new ChatNotice(chat.No, user, NoticeKind.Typing, EventJson.Of(typing, HypersendJson.Wire.TypingEvent)));
    }
}
