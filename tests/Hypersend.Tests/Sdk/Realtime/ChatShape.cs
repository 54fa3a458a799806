using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypersend.Contracts;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk.Realtime;

namespace Hypersend.Tests.Sdk.Realtime;

/// <summary>A chat of the state in the words of the traces.</summary>
internal static class ChatShape
{
    public static JsonObject Of(LiveChat chat, JsonElement wish)
    {
        var shape = new JsonObject
        {
            ["rev"] = chat.Rev,
            ["last_seq"] = chat.Chat.LastSeq,
            ["read_seq"] = chat.Mine.ReadSeq,
            ["unread"] = chat.Mine.Unread,
            ["mentions"] = chat.Mine.Mentions,
            ["name"] = chat.Chat.Name,
            ["my_role"] = chat.Chat.MyRole,
            ["member_count"] = chat.Chat.MemberCount,
            ["pinned"] = chat.Mine.Pinned,
            ["draft"] = chat.Mine.Draft,
            ["members"] = chat.Members is null ? null : new JsonArray([.. chat.Members.Keys.Select(id => id.ToString()).Order(StringComparer.Ordinal).Select(id => JsonValue.Create(id))]),
            ["roles"] = new JsonObject((chat.Members ?? []).Select(member => KeyValuePair.Create(member.Key.ToString(), (JsonNode?)member.Value.Role))),
            ["peers"] = new JsonObject(chat.Peers.Select(peer => KeyValuePair.Create(peer.Key.ToString(), (JsonNode?)new JsonArray(peer.Value.Read, peer.Value.Delivered)))),
        };
        foreach (var messages in new[] { "messages", "only" })
        {
            if (wish.TryGetProperty(messages, out var some))
                shape[messages] = new JsonObject(chat.Messages.Select(pair => KeyValuePair.Create(KeyOf(pair.Key), OfMessage(pair.Value, some, KeyOf(pair.Key)))));
        }

        return shape;
    }

    private static JsonNode? OfMessage(Message message, JsonElement some, string key)
    {
        if (!some.TryGetProperty(key, out var wish) || wish.ValueKind != JsonValueKind.Object)
            return message.Content;
        var wire = JsonSerializer.SerializeToNode(message, HypersendJson.Wire.Message)!.AsObject();
        wire["reactions"] = new JsonArray([.. message.Reactions.Select(reaction => new JsonArray(reaction.Emoji, reaction.Count, reaction.Me))]);
        return new JsonObject(wish.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, wire[field.Name]?.DeepClone())));
    }

    private static string KeyOf(long seq) => seq.ToString(CultureInfo.InvariantCulture);
}
