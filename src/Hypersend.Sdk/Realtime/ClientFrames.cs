using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;

namespace Hypersend.Sdk.Realtime;

/// <summary>What a client says, as bytes of one frame.</summary>
internal static class ClientFrames
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Ping { get; } = Write(FrameTypes.Ping, null, _ => { });

    public static ReadOnlyMemory<byte> Auth(string token) => Write(FrameTypes.Auth, null, json => json.WriteString("token", token));

    public static ReadOnlyMemory<byte> Hello(string id, IEnumerable<KeyValuePair<ChatId, long>> cursors) => Write(FrameTypes.Hello, id, json =>
    {
        json.WriteStartObject("cursors");
        foreach (var (chat, rev) in cursors)
            json.WriteNumber(chat.ToString(), rev);
        json.WriteEndObject();
    });

    /// <summary>The fields are those of the call that sends a message; what is not there is not written.</summary>
    public static ReadOnlyMemory<byte> Send(string id, SendMessageRequest request) => Write(FrameTypes.MessageSend, id, json =>
    {
        foreach (var field in JsonSerializer.SerializeToElement(request, HypersendJson.Wire.SendMessageRequest).EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Null)
                field.WriteTo(json);
        }
    });

    public static ReadOnlyMemory<byte> Edit(string id, MessageId message, string content) => Write(FrameTypes.MessageEdit, id, json =>
    {
        json.WriteString("message_id", message.ToString());
        json.WriteString("content", content);
    });

    public static ReadOnlyMemory<byte> Delete(string id, MessageId message) =>
        Write(FrameTypes.MessageDelete, id, json => json.WriteString("message_id", message.ToString()));

    public static ReadOnlyMemory<byte> React(string id, MessageId message, string emoji, bool on) => Write(FrameTypes.React, id, json =>
    {
        json.WriteString("message_id", message.ToString());
        json.WriteString("emoji", emoji);
        json.WriteBoolean("on", on);
    });

    /// <summary>How far I have read, or how far messages have come to me.</summary>
    public static ReadOnlyMemory<byte> Mark(string type, string? id, ChatId chat, long seq) => Write(type, id, json =>
    {
        json.WriteString("chat_id", chat.ToString());
        json.WriteNumber("seq", seq);
    });

    public static ReadOnlyMemory<byte> Typing(ChatId chat, bool on) => Write(FrameTypes.Typing, null, json =>
    {
        json.WriteString("chat_id", chat.ToString());
        json.WriteBoolean("on", on);
    });

    public static ReadOnlyMemory<byte> Watch(IEnumerable<UserId> people) => Write(FrameTypes.PresenceWatch, null, json =>
    {
        json.WriteStartArray("user_ids");
        foreach (var user in people)
            json.WriteStringValue(user.ToString());
        json.WriteEndArray();
    });

    public static ReadOnlyMemory<byte> Presence(string status) =>
        Write(FrameTypes.PresenceSet, null, json => json.WriteString("status", status));

    public static ReadOnlyMemory<byte> Signal(string id, UserId to, TransferId transfer, JsonElement said) => Write(FrameTypes.Signal, id, json =>
    {
        json.WriteString("to", to.ToString());
        json.WriteString("transfer_id", transfer.ToString());
        json.WritePropertyName("data");
        said.WriteTo(json);
    });

    private static ReadOnlyMemory<byte> Write(string type, string? id, Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            if (id is not null)
                json.WriteString("id", id);
            fields(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
