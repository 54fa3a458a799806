using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;

namespace Hypersend.Sdk.Realtime;

internal sealed partial class LiveProtocol
{
    /// <summary>Takes a message on; it goes as soon as it can and is not forgotten before it is stored.</summary>
    public OutgoingMessage Send(SendMessageRequest request)
    {
        var message = _outbox.Add(request);
        ShowOutbox(message);
        Settle();
        return message;
    }

    /// <summary>Tries again what failed.</summary>
    public bool Retry(string clientId) => Decide(_outbox.Retry(clientId));

    /// <summary>Gives up what failed.</summary>
    public bool Discard(string clientId) => Decide(_outbox.Discard(clientId));

    /// <summary>The pause of a chat is over: what the server put off goes again.</summary>
    public void Resume(ChatId chat)
    {
        _outbox.Resume(chat);
        SayRead(chat);
        Settle();
    }

    /// <summary>Null when there is no connection to ask through.</summary>
    public string? Edit(MessageId message, string content) => Ask(id => ClientFrames.Edit(id, message, content));

    public string? Delete(MessageId message) => Ask(id => ClientFrames.Delete(id, message));

    public string? Signal(UserId to, TransferId transfer, JsonElement said) => Ask(id => ClientFrames.Signal(id, to, transfer, said));

    public string? React(MessageId message, string emoji, bool on) => Ask(
        id => ClientFrames.React(id, message, emoji, on),
        new ReactionChange { UserId = State.Me?.Id ?? default, Emoji = emoji, On = on });

    /// <summary>The mark moves here at once, and there as soon as there is a connection.</summary>
    public void MarkRead(ChatId chat, long seq)
    {
        if (!_store.ReadHere(chat, seq))
            return;
        SayRead(chat);
        Settle();
    }

    public void Typing(ChatId chat, bool on)
    {
        if (_open)
            _frames.Add(ClientFrames.Typing(chat, on));
    }

    public void WatchPresence(IReadOnlyCollection<UserId> people)
    {
        _watched = [.. people];
        if (_open)
            _frames.Add(ClientFrames.Watch(_watched));
    }

    public void SetPresence(string status)
    {
        _presence = status;
        if (_open)
            _frames.Add(ClientFrames.Presence(status));
    }

    /// <summary>Says how far messages have come to this device, once for all that came since the last time.</summary>
    public void ReportArrivals()
    {
        if (State.Status != LiveStatus.Live)
            return;
        foreach (var (chat, seq) in _arrived)
            _frames.Add(ClientFrames.Mark(FrameTypes.Delivered, null, chat, seq));
        _arrived.Clear();
    }

    public void Merge(ChatId chat, string? epoch, MessagePage page)
    {
        _store.Merge(chat, epoch, page.Items);
        Settle();
    }

    private string? Ask(Func<string, ReadOnlyMemory<byte>> write, ReactionChange? reaction = null)
    {
        if (!_open)
            return null;
        var id = NextId();
        _flights[id] = new Request(reaction);
        _frames.Add(write(id));
        return id;
    }

    private bool Decide(OutgoingMessage? decided)
    {
        if (decided is null)
            return false;
        ShowOutbox(decided);
        Settle();
        return true;
    }

    private void Acknowledged(JsonElement frame)
    {
        if (!TryTakeFlight(frame, out var id, out var flight))
            return;
        var message = frame.TryGetProperty("message", out var found) && found.ValueKind == JsonValueKind.Object
            ? found.Deserialize(HypersendJson.Wire.Message)
            : null;
        if (message is not null)
            _store.Acknowledge(message, (flight as Request)?.Reaction);
        switch (flight)
        {
            case Sending sending:
                var scheduled = message is null && frame.TryGetProperty("scheduled_id", out _) ? frame.Deserialize(HypersendJson.Wire.ScheduledMessage) : null;
                if (_outbox.Stored(sending.Chat, sending.ClientId, message, scheduled) is { } stored)
                    ShowOutbox(stored);
                break;
            case Reading reading:
                _store.Confirm(reading.Chat, reading.Seq);
                break;
            case Request:
                _answers.Add(new LiveAnswer(id, null));
                break;
        }
    }

    private void Refused(JsonElement frame)
    {
        if (!TryTakeFlight(frame, out var id, out var flight))
        {
            _store.Happened(new UnknownEvent(EventTypes.Error, frame.Clone()));
            return;
        }

        var problem = ToProblem(frame);
        switch (flight)
        {
            case Sending sending:
                if (_outbox.Refused(sending.Chat, sending.ClientId, problem, out var isPausing) is { } failed)
                    ShowOutbox(failed);
                if (isPausing)
                    _pauses.Add(sending.Chat);
                break;
            case Reading reading when Outbox.Passes(problem.Code):
                _pauses.Add(reading.Chat);
                break;
            case Reading reading:
                _store.Confirm(reading.Chat, reading.Seq);
                break;
            case Request:
                _answers.Add(new LiveAnswer(id, problem));
                break;
            case Asking:
                // Without the answer nothing can be told from the events that follow.
                IsBroken = true;
                break;
        }
    }

    private bool TryTakeFlight(JsonElement frame, out string id, out Flight? flight)
    {
        id = frame.TryGetProperty("id", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString()! : "";
        return _flights.Remove(id, out flight);
    }

    private static ApiProblem ToProblem(JsonElement frame)
    {
        var (code, detail, hint) = (Text(frame, "code"), Text(frame, "detail"), Text(frame, "hint"));
        return new ApiProblem
        {
            Type = "urn:hypersend:error:" + code,
            Title = detail,
            Status = 0,
            Code = code,
            Detail = detail,
            Hint = hint,
            Hints = [hint],
            Error = detail,
            TraceId = "",
        };
    }

    private static string Text(JsonElement frame, string name) =>
        frame.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
