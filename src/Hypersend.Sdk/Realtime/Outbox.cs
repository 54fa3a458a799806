using System.Collections.Immutable;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;

namespace Hypersend.Sdk.Realtime;

/// <summary>
/// What is to be sent, in order. Of each chat one message is on its way at a time, so that a refusal stops those behind it
/// and the order holds; the client id makes a repeated send the same message.
/// </summary>
internal sealed class Outbox
{
    private readonly Dictionary<ChatId, Lane> _lanes = [];
    private readonly List<ChatId> _ready = [];

    public ImmutableList<OutgoingMessage> Messages { get; private set; } = [];

    public OutgoingMessage Add(SendMessageRequest request)
    {
        if (request.ChatId is not { } chat || string.IsNullOrEmpty(request.ClientId))
            throw new ArgumentException("A message in the outbox has a chat and a client id.", nameof(request));
        var message = new OutgoingMessage { Request = request };
        if (!_lanes.TryGetValue(chat, out var lane))
            _lanes[chat] = lane = new Lane();
        if (lane.Waiting.Any(other => other.ClientId == request.ClientId))
            throw new ArgumentException("A message with this client id is in the outbox already.", nameof(request));
        lane.Waiting.Add(message);
        Messages = Messages.Add(message);
        _ready.Add(chat);
        return message;
    }

    /// <summary>Takes the messages that may go now, each of another chat.</summary>
    public IReadOnlyList<OutgoingMessage> TakeNext()
    {
        var next = new List<OutgoingMessage>();
        foreach (var chat in _ready)
        {
            if (!_lanes.TryGetValue(chat, out var lane) || lane.IsFlying || lane.IsPausing || lane.Waiting[0].State != SendState.Sending)
                continue;
            lane.IsFlying = true;
            next.Add(lane.Waiting[0]);
        }

        _ready.Clear();
        return next;
    }

    /// <summary>The server has it; null when it was known already.</summary>
    public OutgoingMessage? Stored(ChatId chat, string clientId, Message? message, ScheduledMessage? scheduled)
    {
        if (Find(chat, clientId) is not { } stored)
            return null;
        Remove(chat, stored);
        return stored with { State = SendState.Sent, Refusal = null, Message = message, Scheduled = scheduled };
    }

    /// <summary>The server did not take it. What may pass by itself pauses the chat; what does not stops it.</summary>
    public OutgoingMessage? Refused(ChatId chat, string clientId, ApiProblem problem, out bool isPausing)
    {
        isPausing = false;
        if (Find(chat, clientId) is not { } refused)
            return null;
        var lane = _lanes[chat];
        lane.IsFlying = false;
        if (Passes(problem.Code))
        {
            lane.IsPausing = isPausing = true;
            return null;
        }

        return Replace(chat, refused, refused with { State = SendState.Failed, Refusal = problem });
    }

    /// <summary>The pause is over.</summary>
    public void Resume(ChatId chat)
    {
        if (!_lanes.TryGetValue(chat, out var lane))
            return;
        lane.IsPausing = false;
        _ready.Add(chat);
    }

    /// <summary>Tries again what failed.</summary>
    public OutgoingMessage? Retry(string clientId)
    {
        if (Messages.Find(message => message.ClientId == clientId && message.State == SendState.Failed) is not { } failed)
            return null;
        var chat = failed.Request.ChatId!.Value;
        _ready.Add(chat);
        return Replace(chat, failed, new OutgoingMessage { Request = failed.Request });
    }

    /// <summary>Gives up what failed, so that those behind it may go.</summary>
    public OutgoingMessage? Discard(string clientId)
    {
        if (Messages.Find(message => message.ClientId == clientId && message.State == SendState.Failed) is not { } failed)
            return null;
        Remove(failed.Request.ChatId!.Value, failed);
        return failed;
    }

    /// <summary>Whatever was on its way may or may not have arrived: it goes again with the next connection.</summary>
    public void Disconnected()
    {
        foreach (var (chat, lane) in _lanes)
        {
            (lane.IsFlying, lane.IsPausing) = (false, false);
            _ready.Add(chat);
        }
    }

    /// <summary>Whether the same message may be taken a moment later.</summary>
    public static bool Passes(string code) => code is ErrorCodes.Busy or ErrorCodes.Unavailable or ErrorCodes.OutcomeUnknown
        or ErrorCodes.RateLimited or ErrorCodes.InternalError or ErrorCodes.RequestTimeout or ErrorCodes.StorageFull;

    private OutgoingMessage? Find(ChatId chat, string clientId) =>
        _lanes.TryGetValue(chat, out var lane) ? lane.Waiting.Find(message => message.ClientId == clientId) : null;

    private OutgoingMessage Replace(ChatId chat, OutgoingMessage old, OutgoingMessage now)
    {
        var waiting = _lanes[chat].Waiting;
        waiting[waiting.IndexOf(old)] = now;
        Messages = Messages.Replace(old, now);
        return now;
    }

    private void Remove(ChatId chat, OutgoingMessage message)
    {
        var lane = _lanes[chat];
        if (ReferenceEquals(lane.Waiting[0], message))
            lane.IsFlying = false;
        lane.Waiting.Remove(message);
        Messages = Messages.Remove(message);
        if (lane.Waiting.Count == 0)
            _lanes.Remove(chat);
        else
            _ready.Add(chat);
    }

    private sealed class Lane
    {
        public List<OutgoingMessage> Waiting { get; } = [];

        /// <summary>The first one is on its way.</summary>
        public bool IsFlying { get; set; }

        /// <summary>The first one was put off by the server for a moment.</summary>
        public bool IsPausing { get; set; }
    }
}
