using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Chats;

/// <summary>Comes into a chat that is open to all, or by an invitation; who is in it already just gets it.</summary>
internal sealed class JoinChat(IMemberStore store, ChangePublisher publisher, PresenceTable presence, TimeProvider clock)
{
    public Task<Result<Chat>> HandleAsync(UserId actor, ChatId id, CancellationToken cancellation) =>
        AnswerAsync(actor, store.JoinAsync(actor, id, clock.GetUtcNow(), cancellation));

    public Task<Result<Chat>> ByInviteAsync(UserId actor, string token, CancellationToken cancellation) =>
        AnswerAsync(actor, store.JoinByInviteAsync(actor, token, clock.GetUtcNow(), cancellation));

    private async Task<Result<Chat>> AnswerAsync(UserId actor, Task<Result<Changed<ChatSeen>>> joining) =>
        (await joining.PublishAsync(publisher)).Succeeded(out var seen, out var failure) ? seen.Show(actor, presence) : failure;
}
