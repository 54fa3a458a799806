using Hypersend.Contracts;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Realtime;

/// <summary>Tells everybody concerned what a commit changed. Called after the commit, never before.</summary>
internal sealed partial class ChangePublisher(IBus bus, IChatViews views, TimeProvider clock, ILogger<ChangePublisher> log)
{
    /// <summary>Never fails: the change is on disk, and who misses the event finds it by its rev.</summary>
    public async Task PublishAsync(ChatChange change)
    {
        try
        {
            var moves = new List<MemberMove>();
            foreach (var user in change.Left)
            {
                var removed = new ChatEventFrame { Type = EventTypes.ChatRemoved, ChatId = change.Chat, Rev = change.Rev };
                moves.Add(new MemberMove(user, In: false, EventJson.Of(removed, HypersendJson.Wire.ChatEventFrame)));
            }

            if (change.Joined.Count > 0)
                await AddJoinedAsync(change, moves);
            bus.Publish(new ChatCommit(change.ChatNo, change.Chat, change.MembersVersion, [.. change.Steps.Select(step => ToEvent(change, step))], moves)
            {
                HeadRev = change.Rev,
                MemberCount = change.MemberCount,
                Type = change.Type,
            });
        }
        catch (Exception exception)
        {
            NotPublished(log, change.ChatNo, exception);
        }
    }

    private async Task AddJoinedAsync(ChatChange change, List<MemberMove> moves)
    {
        foreach (var (user, view) in await views.ViewsAsync(change.ChatNo, change.Joined, CancellationToken.None))
            moves.Add(new MemberMove(user, In: true, EventJson.OfCreated(view), change.JoinedFrom));
    }

    private ChatEvent ToEvent(ChatChange change, ChangeStep step) => new(step.Rev, step switch
    {
        MessageStep message => EventJson.OfMessageEvent(
            message.Type,
            change.Chat,
            message.Rev,
            EventJson.OfMessage(MessageView.Neutral(message.Message, change.Chat, clock.GetUtcNow())).Span,
            message.Reaction),
        ChatStep chat => EventJson.Of(
            new ChatEventFrame { Type = EventTypes.ChatUpdated, ChatId = change.Chat, Rev = chat.Rev, Chat = chat.Neutral },
            HypersendJson.Wire.ChatEventFrame),
        MemberStep member => EventJson.Of(
            new MemberEvent
            {
                Type = member.Type,
                ChatId = change.Chat,
                Rev = member.Rev,
                User = member.User,
                UserId = member.User.Id,
                Role = member.Role,
                JoinedAt = member.JoinedAt,
                MemberCount = change.MemberCount,
            },
            HypersendJson.Wire.MemberEvent),
        _ => throw new InvalidOperationException($"No event is known for {step.GetType().Name}."),
    }, step is MessageStep shown ? MessageKey.SeqOf(shown.Message.Key) : 0);

    [LoggerMessage(301, LogLevel.Error, "A change of chat {ChatNo} was committed and could not be published; listeners find it by its rev")]
    private static partial void NotPublished(ILogger log, long chatNo, Exception exception);
}
