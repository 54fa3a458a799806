using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Realtime;

namespace Hypersend.Bench;

/// <summary>A message of everyday length, as it is stored and as it travels.</summary>
internal static class SampleMessage
{
    public static ChatId Chat { get; } = new(new Guid("019a8f3c-5d0e-7c35-9a55-3f1f0d6c2b11"));

    public static UserId Ana { get; } = new(new Guid("019a8f3c-5d0e-7c35-9a55-000000000001"));

    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_795_000_000);

    public static MessageRow Row(long chatNo, long seq) => new()
    {
        Key = MessageKey.Of(chatNo, seq),
        RevKey = MessageKey.Of(chatNo, seq),
        SenderId = Ana,
        SenderUsername = "ana",
        SenderName = "Ana Banana",
        Type = "text",
        Content = "Shall we meet at the lake at seven? I bring the boat, you bring whatever there is to eat.",
        ClientId = "c-000017",
        CreatedAt = At,
    };

    /// <summary>The event that tells of it, ready for all who listen.</summary>
    public static ChatEvent Event(long chatNo, long seq)
    {
        var message = EventJson.OfMessage(MessageView.Neutral(Row(chatNo, seq), Chat, At));
        return new ChatEvent(seq, EventJson.OfMessageEvent(EventTypes.Message, Chat, seq, message.Span), seq);
    }
}
