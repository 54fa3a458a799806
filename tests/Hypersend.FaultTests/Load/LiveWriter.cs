using System.Collections.Concurrent;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.FaultTests.Histories;
using Hypersend.Sdk.Realtime;

namespace Hypersend.FaultTests.Load;

/// <summary>Writes through a live socket that comes back by itself, and keeps a screen: what it showed, and what a second time.</summary>
internal sealed class LiveWriter(Member member, HistoryRecorder history, IReadOnlyList<ChatId> chats) : IWorker
{
    private const int MostWaiting = 4;

    private readonly ConcurrentDictionary<string, (int Operation, long From)> _waiting = new(StringComparer.Ordinal);
    private readonly HashSet<MessageId> _shown = [];
    private readonly List<(ChatId Chat, MessageId Id)> _twice = [];
    private readonly LiveClient _live = member.Live();
    private Task _watching = Task.CompletedTask;
    private long _acknowledgedFrom;
    private int _number;

    public long AcknowledgedFrom => Volatile.Read(ref _acknowledgedFrom);

    public async Task RunAsync(CancellationToken stopping)
    {
        _watching = WatchAsync(_live.EventsAsync(CancellationToken.None));
        await _live.StartAsync(CancellationToken.None);
        while (!stopping.IsCancellationRequested)
        {
            await _live.WhenAsync(state => state.Outbox.Count < MostWaiting, CancellationToken.None);
            Say();
        }

        await _live.WhenAsync(state => state.Outbox.IsEmpty, CancellationToken.None);
    }

    /// <summary>What it shows when it is as far as the chats are; ends it.</summary>
    public async Task<IReadOnlyList<SeenScreen>> EndAsync(IReadOnlyList<SeenChat> chatsSeen, TimeSpan patience)
    {
        var state = await _live.WhenAsync(
            state => chatsSeen.All(chat => state.Chats.TryGetValue(ChatId.Parse(chat.Id, null), out var known) && known.Rev >= chat.Rev), CancellationToken.None).WaitAsync(patience);
        await _live.DisposeAsync();
        await _watching;
        return [.. chatsSeen.Select(chat => OfChat(state.Chats[ChatId.Parse(chat.Id, null)]))];
    }

    private SeenScreen OfChat(LiveChat chat) => new(
        member.Name,
        chat.Chat.Id.ToString(),
        chat.Rev,
        [.. chat.Messages.Values.Select(Look.At)],
        [.. _twice.Where(one => one.Chat == chat.Chat.Id).Select(one => one.Id.ToString())]);

    private void Say()
    {
        var chat = chats[++_number % chats.Count];
        var text = $"{member.Name}-{_number:d6} through the socket";
        _waiting[text] = (history.Invoke(OperationKind.Send, member.Name, chat.ToString(), text), history.Now);
        _live.Send(new SendMessageRequest { ChatId = chat, Content = text, ClientId = text });
    }

    private async Task WatchAsync(IAsyncEnumerable<LiveEvent> events)
    {
        await foreach (var happened in events)
        {
            switch (happened)
            {
                case OutboxChanged { Message: { State: SendState.Sent, Message: { } message } sent } when _waiting.TryRemove(sent.ClientId, out var one):
                    history.Ok(one.Operation, message.Id.ToString(), message.Seq);
                    Volatile.Write(ref _acknowledgedFrom, Math.Max(one.From, AcknowledgedFrom));
                    break;
                case OutboxChanged { Message: { State: SendState.Failed } failed } when _waiting.TryRemove(failed.ClientId, out var one):
                    history.Fail(one.Operation);
                    history.NoteUnseemly($"{failed.Refusal?.Status} {failed.Refusal?.Code} for a message");
                    _live.Discard(failed.ClientId);
                    break;
                case MessageChanged { Before: null } change when !_shown.Add(change.Message.Id):
                    _twice.Add((change.Chat, change.Message.Id));
                    break;
                case ChatReset reset:
                    _shown.RemoveWhere(id => id.Chat == reset.Chat);
                    break;
                case StartedAfresh or EventsMissed:
                    _shown.Clear();
                    break;
            }
        }
    }
}
