using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;

namespace Hypersend.Server.Realtime;

/// <summary>Events as bytes, made once and shared by all sockets.</summary>
internal static class EventJson
{
    public static ReadOnlyMemory<byte> Of<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    public static ReadOnlyMemory<byte> OfMessage(Message message) => Of(message, HypersendJson.Wire.Message);

    /// <summary>The chat as one person sees it, for whoever has just come in.</summary>
    public static ReadOnlyMemory<byte> OfCreated(Chat view) =>
        Of(new ChatEventFrame { Type = EventTypes.ChatCreated, ChatId = view.Id, Rev = view.Rev, Chat = view }, HypersendJson.Wire.ChatEventFrame);

    /// <summary>Says nothing but that the chat has this rev.</summary>
    public static ReadOnlyMemory<byte> OfPassed(ChatId chat, long rev) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"type":"{{EventTypes.Passed}}","chat_id":"{{chat.Value:D}}","rev":{{rev}}}"""));

    /// <summary>An event around a message that is written already; it is a part of the acknowledgement too.</summary>
    public static ReadOnlyMemory<byte> OfMessageEvent(string type, ChatId chat, long rev, ReadOnlySpan<byte> message, ReactionChange? reaction = null)
    {
        var head = $$"""{"type":"{{type}}","chat_id":"{{chat.Value:D}}","rev":{{rev.ToString(CultureInfo.InvariantCulture)}},"message":""";
        var tail = reaction is null ? [] : JsonSerializer.SerializeToUtf8Bytes(reaction, HypersendJson.Wire.ReactionChange);
        var writer = new ArrayBufferWriter<byte>(head.Length + message.Length + tail.Length + 16);
        Encoding.UTF8.GetBytes(head, writer);
        writer.Write(message);
        if (tail.Length > 0)
        {
            writer.Write(",\"reaction\":"u8);
            writer.Write(tail);
        }

        writer.Write("}"u8);
        return writer.WrittenMemory;
    }
}
