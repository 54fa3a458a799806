using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Messages;

/// <summary>From what a store gave to what the caller gets.</summary>
internal static class MessageAnswers
{
    /// <summary>Tells everybody what changed, then shows the message to the one who changed it.</summary>
    public static async Task<Result<Message>> PublishAsync(this Result<Changed<MessageSeen>> result, ChangePublisher publisher, TimeProvider clock)
    {
        if (!result.Succeeded(out var changed, out var failure))
            return failure;
        if (changed.Change is { } change)
            await publisher.PublishAsync(change);
        return changed.Answer.Show(clock.GetUtcNow());
    }

    public static Message Show(this MessageSeen seen, DateTimeOffset now) => MessageView.For(seen.Row, seen.Chat, now, seen.MyReactions, seen.Bookmarked);
}
