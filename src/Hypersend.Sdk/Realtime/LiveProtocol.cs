using System.Globalization;
using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;

namespace Hypersend.Sdk.Realtime;

/// <summary>
/// The client's side of the conversation with the server, without the wire: frames go in, frames come out, the state and
/// the outbox move. Nothing here waits, so whoever holds it decides about threads and time.
/// </summary>
internal sealed partial class LiveProtocol
{
    /// <summary>What fits into one frame; chats beyond it are told of as if they were new.</summary>
    private const int MostCursors = 4000;

    private readonly SyncStore _store = new();
    private readonly Outbox _outbox = new();
    private readonly Dictionary<string, Flight> _flights = [];
    private readonly Dictionary<ChatId, long> _arrived = [];
    private List<ReadOnlyMemory<byte>> _frames = [];
    private List<LiveEvent> _events = [];
    private List<LiveAnswer> _answers = [];
    private List<ChatId> _pauses = [];
    private IReadOnlyList<UserId> _watched = [];
    private string? _presence;
    private bool _open;
    private long _lastId;

    public LiveState State => _store.State;

    /// <summary>The server's word for how often something is heard at least; known from the welcome on.</summary>
    public TimeSpan? Heartbeat { get; private set; }

    /// <summary>Whether there are messages whose senders do not know yet that they came.</summary>
    public bool HasArrivals => _arrived.Count > 0;

    /// <summary>The server would not say what was asked, so that this connection is of no more use.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>What to write now, in order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> TakeFrames() => Take(ref _frames);

    public IReadOnlyList<LiveEvent> TakeEvents() => Take(ref _events);

    /// <summary>What became of requests.</summary>
    public IReadOnlyList<LiveAnswer> TakeAnswers() => Take(ref _answers);

    /// <summary>Chats whose outbox wants to be resumed after a while.</summary>
    public IReadOnlyList<ChatId> TakePauses() => Take(ref _pauses);

    public void SetStatus(LiveStatus status, LiveEnding? ending = null)
    {
        if (State.Status == status || State.Status == LiveStatus.Ended)
            return;
        _store.State = State with { Status = status, Ending = ending };
        _store.Happened(new StatusChanged(status));
        Settle();
    }

    /// <summary>Takes the text of one frame: an object, or an array of them.</summary>
    public void Receive(JsonElement frame)
    {
        if (frame.ValueKind == JsonValueKind.Array)
        {
            foreach (var one in frame.EnumerateArray())
                ReceiveOne(one);
        }
        else
        {
            ReceiveOne(frame);
        }

        Settle();
    }

    /// <summary>The socket is gone; what was on its way has no answer, the outbox excepted, which tries again.</summary>
    public void Disconnected()
    {
        _open = IsBroken = false;
        foreach (var (id, flight) in _flights)
        {
            if (flight is Request)
                _answers.Add(new LiveAnswer(id, null, IsLost: true));
        }

        _flights.Clear();
        _frames.Clear();
        _store.Disconnected();
        _outbox.Disconnected();
    }

    private void ReceiveOne(JsonElement frame)
    {
        if (frame.ValueKind != JsonValueKind.Object)
            throw new JsonException("A frame must hold objects.");
        switch (SyncStore.TypeOf(frame))
        {
            case EventTypes.Welcome:
                Welcome(frame.Deserialize(HypersendJson.Wire.Welcome)!);
                break;
            case EventTypes.Ack:
                Acknowledged(frame);
                break;
            case EventTypes.Error:
                Refused(frame);
                break;
            case EventTypes.Resync:
                SayHello(_store.AskForAll().Take(MostCursors));
                SetStatus(LiveStatus.Syncing);
                break;
            case EventTypes.Pong:
                break;
            default:
                _store.Apply(frame);
                break;
        }
    }

    private void Welcome(Welcome welcome)
    {
        Heartbeat = TimeSpan.FromSeconds(Math.Max(1, welcome.HeartbeatS));
        _store.Welcome(welcome);
        _open = true;
        SayHello(_store.AskForAll().Take(MostCursors));
        foreach (var chat in _store.UnconfirmedReads.Keys)
            SayRead(chat);
        if (_presence is not null)
            _frames.Add(ClientFrames.Presence(_presence));
        if (_watched.Count > 0)
            _frames.Add(ClientFrames.Watch(_watched));
        SetStatus(LiveStatus.Syncing);
    }

    /// <summary>After every input: what follows from it goes out.</summary>
    private void Settle()
    {
        while (_store.TakeEvents() is { Count: > 0 } news)
        {
            _events.AddRange(news);
            foreach (var arrived in news.OfType<MessageChanged>().Where(change => change.Before is null))
                MeetMessage(arrived.Message);
        }

        if (!_open)
            return;
        if (State.Status == LiveStatus.Syncing && !_store.IsCoveringAll)
            SetStatus(LiveStatus.Live);
        if (_store.TakeQuestion() is { } cursors)
            SayHello(cursors);
        foreach (var message in _outbox.TakeNext())
        {
            var id = NextId();
            _flights[id] = new Sending(message.Request.ChatId!.Value, message.ClientId);
            _frames.Add(ClientFrames.Send(id, message.Request));
        }
    }

    private void SayHello(IEnumerable<KeyValuePair<ChatId, long>> cursors)
    {
        var id = NextId();
        _flights[id] = new Asking();
        _frames.Add(ClientFrames.Hello(id, cursors));
    }

    private void SayRead(ChatId chat)
    {
        if (!_open || !_store.UnconfirmedReads.TryGetValue(chat, out var seq))
            return;
        var id = NextId();
        _flights[id] = new Reading(chat, seq);
        _frames.Add(ClientFrames.Mark(FrameTypes.Read, id, chat, seq));
    }

    /// <summary>My own message may come as an event before its acknowledgement does, or instead of it.</summary>
    private void MeetMessage(Message message)
    {
        if (message.Sender.Id != State.Me?.Id)
        {
            if (State.Chats.TryGetValue(message.ChatId, out var chat) && message.Seq > chat.Mine.ReadSeq)
                _arrived[message.ChatId] = Math.Max(message.Seq, _arrived.GetValueOrDefault(message.ChatId));
            return;
        }

        if (message.ClientId is { } clientId && _outbox.Stored(message.ChatId, clientId, message, null) is { } stored)
            ShowOutbox(stored);
    }

    private void ShowOutbox(OutgoingMessage changed)
    {
        _store.State = State with { Outbox = _outbox.Messages };
        _store.Happened(new OutboxChanged(changed));
    }

    private string NextId() => (++_lastId).ToString(CultureInfo.InvariantCulture);

    private static List<T> Take<T>(ref List<T> list)
    {
        var taken = list;
        if (taken.Count > 0)
            list = [];
        return taken;
    }

    /// <summary>What an acknowledgement with this id will be about.</summary>
    private abstract record Flight;

    private sealed record Sending(ChatId Chat, string ClientId) : Flight;

    private sealed record Asking : Flight;

    private sealed record Reading(ChatId Chat, long Seq) : Flight;

    private sealed record Request(ReactionChange? Reaction) : Flight;
}

/// <summary>What became of a request: done, refused, or lost with the connection.</summary>
internal sealed record LiveAnswer(string Id, ApiProblem? Refusal, bool IsLost = false);
