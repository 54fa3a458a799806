using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;

namespace Hypersend.Sdk.Realtime;

/// <summary>
/// Keeps the state in step with what the server sends: frames go in, the next state, the events and the questions to ask
/// come out. It knows no socket, no clock and no chance, so that recorded frames can be played to it.
/// </summary>
internal sealed partial class SyncStore
{
    /// <summary>Events that came too early are kept to this number a chat; the answer to the question brings them all.</summary>
    private const int MostHeld = 500;

    private readonly Dictionary<ChatId, Loose> _loose = [];
    private readonly HashSet<ChatId> _questions = [];
    private readonly Dictionary<ChatId, long> _unconfirmedReads = [];
    private List<LiveEvent> _events = [];
    private bool _asking;

    public LiveState State { get; set; } = LiveState.Empty;

    /// <summary>Whether the answer that covers every chat is still coming.</summary>
    public bool IsCoveringAll { get; private set; }

    /// <summary>Read marks of this device that the server has not answered with an event yet.</summary>
    public IReadOnlyDictionary<ChatId, long> UnconfirmedReads => _unconfirmedReads;

    private UserId Me => State.Me?.Id ?? default;

    /// <summary>What happened since the last time somebody asked.</summary>
    public IReadOnlyList<LiveEvent> TakeEvents()
    {
        var taken = _events;
        if (taken.Count > 0)
            _events = [];
        return taken;
    }

    /// <summary>The cursors of a <c>hello</c> that has to be sent now; null when nothing is in doubt, or an answer is coming.</summary>
    public IReadOnlyDictionary<ChatId, long>? TakeQuestion()
    {
        if (_asking || _questions.Count == 0)
            return null;
        var cursors = new Dictionary<ChatId, long>();
        foreach (var id in _questions)
        {
            // Of a chat I have just come into, everything is wanted, its members too.
            var loose = LooseOf(id);
            cursors[id] = State.Chats.TryGetValue(id, out var chat) && !loose.IsNew ? chat.Rev : 0;
            loose.Ask();
        }

        _asking = true;
        _questions.Clear();
        return cursors;
    }

    /// <summary>The cursors of everything: what the first <c>hello</c> of a socket carries, and the one after an overflow.</summary>
    public IReadOnlyDictionary<ChatId, long> AskForAll()
    {
        _asking = IsCoveringAll = true;
        _questions.Clear();
        foreach (var id in State.Chats.Keys)
            LooseOf(id).Ask();
        return State.Chats.ToDictionary(pair => pair.Key, pair => pair.Value.Rev);
    }

    /// <summary>The connection is gone, and with it every answer that was on its way.</summary>
    public void Disconnected()
    {
        _asking = IsCoveringAll = false;
        _questions.Clear();
        _loose.Clear();
    }

    public void Happened(LiveEvent happened) => _events.Add(happened);

    public void Welcome(Welcome welcome)
    {
        if (State.Epoch is not null && (State.Epoch != welcome.Epoch || State.Me?.Id != welcome.User.Id))
        {
            State = State with { Chats = LiveState.Empty.Chats, Removed = LiveState.Empty.Removed };
            _loose.Clear();
            _unconfirmedReads.Clear();
            Happened(new StartedAfresh());
        }

        State = State with { Epoch = welcome.Epoch, Me = welcome.User };
    }

    /// <summary>Takes one object of a frame, whatever it is but the answer to a request.</summary>
    public void Apply(JsonElement frame)
    {
        var type = TypeOf(frame);
        switch (type)
        {
            case EventTypes.Sync:
                Sync(Read(frame, HypersendJson.Wire.ChatSync));
                break;
            case EventTypes.Synced:
                Synced(Read(frame, HypersendJson.Wire.Synced));
                break;
            case EventTypes.Heads:
                Heads(frame);
                break;
            case EventTypes.Read or EventTypes.Delivered:
                Mark(Read(frame, HypersendJson.Wire.MarkEvent));
                break;
            case EventTypes.Typing:
                var typing = Read(frame, HypersendJson.Wire.TypingEvent);
                Happened(new Typing(typing.ChatId, typing.UserId, typing.On));
                break;
            case EventTypes.Signal:
                var signal = Read(frame, HypersendJson.Wire.SignalEvent);
                Happened(new SignalHeard(signal.From, signal.TransferId, signal.Data.Clone()));
                break;
            case EventTypes.ChatSettings:
                Settings(Read(frame, HypersendJson.Wire.ChatSettingsEvent));
                break;
            case EventTypes.Presence:
                var presence = Read(frame, HypersendJson.Wire.PresenceEvent);
                Happened(new PresenceChanged(presence.UserId, presence.Status, presence.LastSeen));
                break;
            case EventTypes.SettingsUpdated:
                Happened(new SettingsChanged(Read(frame, HypersendJson.Wire.SettingsUpdatedEvent).Settings));
                break;
            case EventTypes.UserUpdated:
                RenamePerson(Read(frame, HypersendJson.Wire.UserUpdatedEvent).User);
                break;
            default:
                ApplyNumbered(type, frame);
                break;
        }
    }

    public static string TypeOf(JsonElement frame) =>
        frame.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : "";

    private static T Read<T>(JsonElement frame, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        frame.Deserialize(type) ?? throw new JsonException("An event was null.");

    /// <summary>The rule for rev: the next one is applied, an old one is not, and before a later one something is missing.</summary>
    private void ApplyNumbered(string type, JsonElement frame)
    {
        if (!TryReadNumber(frame, out var id, out var rev))
        {
            Happened(new UnknownEvent(type, frame.Clone()));
            return;
        }

        if (!State.Chats.TryGetValue(id, out var chat))
        {
            MeetUnknown(type, id, rev, frame);
            return;
        }

        if (type == EventTypes.ChatRemoved)
        {
            // It has the rev of the chat's last change, which need not be one I get to see.
            if (rev >= chat.Rev)
                Remove(id);
        }
        else if (rev == chat.Rev + 1)
        {
            ApplyNext(type, chat, rev, frame);
            ApplyHeld(id);
        }
        else if (rev > chat.Rev && type == EventTypes.ChatCreated)
        {
            // I was out of it and am in again, and heard of neither.
            Remove(id);
            MeetUnknown(type, id, rev, frame);
        }
        else if (rev > chat.Rev)
        {
            Hold(id, rev, frame);
            Question(id);
        }
    }

    private void MeetUnknown(string type, ChatId id, long rev, JsonElement frame)
    {
        if (type == EventTypes.ChatCreated)
        {
            Created(Read(frame, HypersendJson.Wire.ChatEventFrame));
            ApplyHeld(id);
        }
        else if (type == EventTypes.ChatRemoved)
        {
            State = State with { Removed = State.Removed.Add(id) };
        }
        else
        {
            Hold(id, rev, frame);
            Question(id);
        }
    }

    private void ApplyNext(string type, LiveChat chat, long rev, JsonElement frame)
    {
        chat = chat with { Rev = rev, Chat = chat.Chat with { Rev = rev } };
        switch (type)
        {
            case EventTypes.Message or EventTypes.MessageUpdated or EventTypes.MessageDeleted:
                var happened = Read(frame, HypersendJson.Wire.MessageEvent);
                if (HidesReaction(chat, happened))
                    Question(chat.Chat.Id);
                else
                    ApplyMessage(chat, happened);
                break;
            case EventTypes.ChatCreated or EventTypes.ChatUpdated:
                Update(chat, Read(frame, HypersendJson.Wire.ChatEventFrame));
                break;
            case EventTypes.MemberJoined or EventTypes.MemberUpdated or EventTypes.MemberLeft:
                ApplyMember(chat, Read(frame, HypersendJson.Wire.MemberEvent));
                break;
            default:
                Put(chat);
                Happened(new UnknownEvent(type, frame.Clone()));
                break;
        }
    }

    private void Hold(ChatId id, long rev, JsonElement frame)
    {
        var held = LooseOf(id).Held;
        if (held.Count < MostHeld)
            held[rev] = frame.Clone();
    }

    private void ApplyHeld(ChatId id)
    {
        while (_loose.TryGetValue(id, out var loose) && loose.Held.Count > 0 && State.Chats.TryGetValue(id, out var chat))
        {
            var (rev, frame) = loose.Held.First();
            if (rev > chat.Rev + 1)
                return;
            loose.Held.Remove(rev);
            if (rev == chat.Rev + 1)
                ApplyNext(TypeOf(frame), chat, rev, frame);
        }
    }

    private void Heads(JsonElement frame)
    {
        foreach (var (chat, rev) in Read(frame, SdkJson.Default.HeadsFrame).Heads)
        {
            var id = IdText.Read<ChatId>(chat);
            if (!State.Chats.TryGetValue(id, out var known) || rev > known.Rev)
                Question(id);
        }
    }

    /// <summary>Something of the chat is missing: asks for it, unless an answer that will have it is on its way.</summary>
    private void Question(ChatId id)
    {
        if (!IsAsked(id))
            _questions.Add(id);
    }

    /// <summary>A count cannot be told from what is here: asks for it, after the answer that is on its way.</summary>
    private void Doubt(ChatId id) => _questions.Add(id);

    private bool IsAsked(ChatId id) => IsCoveringAll || (_loose.TryGetValue(id, out var loose) && loose.Asked);

    private void Put(LiveChat chat) => State = State with { Chats = State.Chats.SetItem(chat.Chat.Id, chat) };

    private Loose LooseOf(ChatId id)
    {
        if (!_loose.TryGetValue(id, out var loose))
            _loose[id] = loose = new Loose();
        return loose;
    }

    private static bool TryReadNumber(JsonElement frame, out ChatId id, out long rev)
    {
        (id, rev) = (default, 0);
        if (!frame.TryGetProperty("chat_id", out var chat) || chat.ValueKind != JsonValueKind.String)
            return false;
        id = IdText.Read<ChatId>(chat.GetString());
        return frame.TryGetProperty("rev", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out rev);
    }

    /// <summary>What is not settled about a chat while a question is on its way.</summary>
    private sealed class Loose
    {
        public bool Asked { get; set; }

        /// <summary>Of this chat I know that it is there, and nothing more.</summary>
        public bool IsNew { get; set; }

        /// <summary>Events that came before the one they follow on.</summary>
        public SortedDictionary<long, JsonElement> Held { get; } = [];

        /// <summary>What events added to my counts since the question, for the answer may be older than they are.</summary>
        public List<(long Rev, long Seq, long Unread, long Mentions)> Counted { get; } = [];

        /// <summary>My settings came while the question was on its way, so they are newer than the answer.</summary>
        public bool SettingsCame { get; set; }

        public void Ask()
        {
            Asked = true;
            SettingsCame = false;
            Counted.Clear();
        }

        public void Answered()
        {
            Asked = false;
            IsNew = false;
            SettingsCame = false;
            Counted.Clear();
        }
    }
}
