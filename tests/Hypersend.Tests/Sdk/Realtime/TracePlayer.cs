using System.Text.Json;
using System.Text.Json.Nodes;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk.Realtime;

namespace Hypersend.Tests.Sdk.Realtime;

/// <summary>Does the steps of a trace to a client without a wire, and looks at what became of it.</summary>
internal sealed class TracePlayer
{
    private readonly LiveProtocol _client = new();
    private readonly Dictionary<string, string> _ids = [];
    private readonly List<JsonNode> _sent = [];
    private readonly List<LiveEvent> _events = [];
    private readonly List<ChatId> _pauses = [];

    public void Play(JsonElement step, string where)
    {
        var only = step.EnumerateObject().Single();
        var (name, value) = (only.Name, only.Value);
        switch (name)
        {
            case "receive":
                using (var frame = JsonDocument.Parse(Named(value.GetRawText())))
                    _client.Receive(frame.RootElement);
                break;
            case "disconnect":
                _client.Disconnected();
                _client.SetStatus(LiveStatus.Offline);
                break;
            case "send":
                _client.Send(value.Deserialize(HypersendJson.Wire.SendMessageRequest)!);
                break;
            case "retry":
                Assert.True(_client.Retry(value.GetString()!), where);
                break;
            case "discard":
                Assert.True(_client.Discard(value.GetString()!), where);
                break;
            case "resume":
                _client.Resume(ChatId.Parse(value.GetString()!, null));
                break;
            case "read":
                _client.MarkRead(ChatId.Parse(value.GetProperty("chat").GetString()!, null), value.GetProperty("seq").GetInt64());
                break;
            case "merge":
                var page = value.GetProperty("page").Deserialize(HypersendJson.Wire.MessagePage)!;
                _client.Merge(ChatId.Parse(value.GetProperty("chat").GetString()!, null), _client.State.Epoch, page);
                break;
            case "expect":
                Collect();
                foreach (var wish in value.EnumerateObject())
                    Expect(wish.Name, wish.Value, $"{where}: {wish.Name}");
                break;
            default:
                Assert.Fail($"{where}: there is no step '{name}'.");
                break;
        }
    }

    private void Collect()
    {
        _sent.AddRange(_client.TakeFrames().Select(frame => JsonNode.Parse(frame.Span)!));
        _events.AddRange(_client.TakeEvents());
        _pauses.AddRange(_client.TakePauses());
    }

    private void Expect(string name, JsonElement wish, string where)
    {
        var state = _client.State;
        switch (name)
        {
            case "sent":
                Same(wish, new JsonArray([.. _sent.Zip(wish.EnumerateArray().Concat(Enumerable.Repeat(default(JsonElement), _sent.Count)), Bound)]), where);
                _sent.Clear();
                break;
            case "shown":
                Same(wish, Take<MessageChanged>(change => change.Before is null, change => change.Message.Id.ToString()), where);
                break;
            case "resets":
                Same(wish, Take<ChatReset>(_ => true, reset => reset.Chat.ToString()), where);
                break;
            case "pauses":
                Same(wish, Texts(_pauses), where);
                _pauses.Clear();
                break;
            case "status":
                Assert.True(wish.GetString() == Word(state.Status), $"{where}: {state.Status}");
                break;
            case "outbox":
                Same(wish, new JsonArray([.. state.Outbox.Select(message => new JsonArray(message.ClientId, Word(message.State)))]), where);
                break;
            case "chats_are":
                Same(wish, Texts(state.Chats.Keys), where);
                break;
            case "removed":
                Same(wish, Texts(state.Removed), where);
                break;
            case "chats":
                foreach (var chat in wish.EnumerateObject())
                {
                    Assert.True(state.Chats.TryGetValue(ChatId.Parse(chat.Name, null), out var known), $"{where}: {chat.Name} is not there");
                    Subset(chat.Value, ChatShape.Of(known, chat.Value), $"{where}: {chat.Name}");
                }

                break;
            default:
                Assert.Fail($"{where}: there is no such expectation.");
                break;
        }
    }

    private JsonArray Take<T>(Func<T, bool> matches, Func<T, string> text)
        where T : LiveEvent
    {
        var taken = new JsonArray([.. _events.OfType<T>().Where(matches).Select(happened => JsonValue.Create(text(happened)))]);
        _events.RemoveAll(happened => happened is T typed && matches(typed));
        return taken;
    }

    /// <summary>An id that the client chose gets the name that the trace has for it.</summary>
    private JsonNode Bound(JsonNode frame, JsonElement wish)
    {
        if (frame["id"] is { } id && wish.ValueKind == JsonValueKind.Object && wish.TryGetProperty("id", out var name))
        {
            _ids[name.GetString()!] = id.GetValue<string>();
            frame["id"] = name.GetString();
        }

        return frame;
    }

    private string Named(string frame) => _ids.Aggregate(frame, (text, id) => text.Replace($"\"{id.Key}\"", $"\"{id.Value}\"", StringComparison.Ordinal));

    private static void Same(JsonElement wish, JsonNode found, string where) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(wish.GetRawText()), found), $"{where}: expected {wish.GetRawText()}, found {found.ToJsonString()}");

    private static void Subset(JsonElement wish, JsonObject found, string where)
    {
        foreach (var field in wish.EnumerateObject())
        {
            if (field.Name is "messages" or "roles")
                Subset(field.Value, found[field.Name]!.AsObject(), $"{where}: {field.Name}");
            else
                Assert.True(found.ContainsKey(field.Name) && JsonNode.DeepEquals(JsonNode.Parse(field.Value.GetRawText()), found[field.Name]),
                    $"{where}: {field.Name}: expected {field.Value.GetRawText()}, found {found[field.Name]?.ToJsonString() ?? "nothing"}");
        }
    }

    private static JsonArray Texts<T>(IEnumerable<T> ids) => new([.. ids.Select(id => id!.ToString()).Order(StringComparer.Ordinal).Select(id => JsonValue.Create(id))]);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
