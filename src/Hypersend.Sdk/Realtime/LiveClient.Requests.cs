using System.Text.Json;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Users;
using Hypersend.Sdk.Messages;

namespace Hypersend.Sdk.Realtime;

public sealed partial class LiveClient
{
    /// <summary>
    /// Takes a message on, with or without a connection; it is stored exactly once and in order. What becomes of it is in
    /// the outbox and in the events.
    /// </summary>
    public OutgoingMessage Send(SendMessageRequest request)
    {
        var named = Named(request);
        return Do(protocol => protocol.Send(named));
    }

    /// <summary>Sends a message and waits until it is on the server's disk, however many connections that takes.</summary>
    /// <exception cref="HypersendException">The server refused it. It stays in the outbox until it is retried or discarded.</exception>
    public async Task<OutgoingMessage> SendAsync(SendMessageRequest request, CancellationToken cancellation = default)
    {
        var named = Named(request);
        var sending = new TaskCompletionSource<OutgoingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_state.Ending is { } ending)
                throw new LiveEndedException(ending);
            _sending[named.ClientId!] = sending;
            _protocol.Send(named);
            Publish();
        }

        var outcome = await sending.Task.WaitAsync(cancellation);
        return outcome.State == SendState.Sent ? outcome : throw new HypersendException(outcome.Refusal!, null);
    }

    /// <summary>Tries again what failed.</summary>
    public bool Retry(string clientId) => Do(protocol => protocol.Retry(clientId));

    /// <summary>Gives up what failed, so that those behind it in the chat may go.</summary>
    public bool Discard(string clientId) => Do(protocol => protocol.Discard(clientId));

    /// <summary>Changes what a message of mine says.</summary>
    public Task EditAsync(MessageId message, string content, CancellationToken cancellation = default) =>
        AskAsync(protocol => protocol.Edit(message, content), cancellation);

    /// <summary>Leaves a tombstone in place of a message.</summary>
    public Task DeleteAsync(MessageId message, CancellationToken cancellation = default) =>
        AskAsync(protocol => protocol.Delete(message), cancellation);

    /// <summary>Puts an emoji of mine on a message, or takes it off.</summary>
    public Task ReactAsync(MessageId message, string emoji, bool on = true, CancellationToken cancellation = default) =>
        AskAsync(protocol => protocol.React(message, emoji, on), cancellation);

    /// <summary>Says something to the other party's clients of an open transfer; it is kept nowhere.</summary>
    public Task SignalAsync(UserId to, TransferId transfer, JsonElement said, CancellationToken cancellation = default) =>
        AskAsync(protocol => protocol.Signal(to, transfer, said), cancellation);

    /// <summary>Moves my read mark forward, here at once and there with the next connection at the latest.</summary>
    public void MarkRead(ChatId chat, long seq) => Do(protocol => protocol.MarkRead(chat, seq));

    /// <summary>Tells the others that I write, or stopped.</summary>
    public void SetTyping(ChatId chat, bool on) => Do(protocol => protocol.Typing(chat, on));

    /// <summary>
    /// Hears how these people are, instead of those watched before, on this connection and all that follow; at most 500.
    /// Of whom I may not see, nothing comes.
    /// </summary>
    public void WatchPresence(IReadOnlyCollection<UserId> people) => Do(protocol => protocol.WatchPresence(people));

    /// <summary>Says how I am (see <see cref="Presences"/>), on this connection and all that follow.</summary>
    public void SetPresence(string status) => Do(protocol => protocol.SetPresence(status));

    /// <summary>Loads a stretch of a chat's history into the state.</summary>
    public async Task<MessagePage> LoadAsync(ChatId chat, PageOf? page = null, CancellationToken cancellation = default)
    {
        var epoch = State.Epoch;
        var loaded = await _messages.ListAsync(chat, page, cancellation);
        Do(protocol => protocol.Merge(chat, epoch, loaded));
        return loaded;
    }

    private SendMessageRequest Named(SendMessageRequest request) =>
        request.ClientId is not null ? request : request with { ClientId = Guid.CreateVersion7(_clock.GetUtcNow()).ToString() };

    private async Task AskAsync(Func<LiveProtocol, string?> ask, CancellationToken cancellation)
    {
        var asked = new TaskCompletionSource<LiveAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_state.Ending is { } ending)
                throw new LiveEndedException(ending);
            _asked[ask(_protocol) ?? throw new ConnectionLostException()] = asked;
            Publish();
        }

        var answer = await asked.Task.WaitAsync(cancellation);
        if (answer.IsLost)
            throw new ConnectionLostException();
        if (answer.Refusal is { } refusal)
            throw new HypersendException(refusal, null);
    }
}
