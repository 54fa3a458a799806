using System.Collections.Concurrent;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk;
using Hypersend.Sdk.Realtime;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Faults;

/// <summary>
/// Somebody who writes without a pause into some chats, through a live client or over HTTP, and keeps a log of their own of what
/// the server acknowledged. Every message says whose it is and which of theirs.
/// </summary>
internal sealed class Writer(HypersendClient client, UserId id, string name, IReadOnlyList<ChatId> chats)
{
    private const int MostWaiting = 16;

    private readonly ConcurrentQueue<MessageId> _acknowledged = new();
    private readonly ConcurrentDictionary<MessageId, string> _log = new();
    private int _written;

    public HypersendClient Client => client;

    public UserId Id => id;

    public string Name => name;

    public int Written => Volatile.Read(ref _written);

    /// <summary>What the server said is on disk, by this writer's own log: where, and what it says.</summary>
    public IReadOnlyDictionary<MessageId, string> Log => _log;

    public LiveClient? Live { get; private set; }

    public Shown? Shown { get; private set; }

    /// <summary>The newest acknowledgement is one after those that were counted.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>Writes through the socket until told to stop, then until everything is acknowledged.</summary>
    public async Task WriteLiveAsync(CancellationToken stopping)
    {
        await using var live = client.Live(new LiveOptions { FirstRetry = TimeSpan.FromMilliseconds(20), LongestRetry = TimeSpan.FromMilliseconds(250) });
        (Live, Shown) = (live, new Shown(live));
        var log = KeepLogAsync(live.EventsAsync(CancellationToken.None));
        await live.StartAsync(CancellationToken.None);
        while (!stopping.IsCancellationRequested)
        {
            var state = await live.WhenAsync(state => state.Outbox.Count < MostWaiting, CancellationToken.None);
            for (var i = state.Outbox.Count; i < MostWaiting; i++)
                live.Send(Next());
        }

        await live.WhenAsync(state => state.Outbox.IsEmpty, CancellationToken.None);
        await live.DisposeAsync();
        await log;
        await Shown.Ended;
    }

    /// <summary>Writes over HTTP, one after the other, each until it is acknowledged.</summary>
    public async Task WriteHttpAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var request = Next();
            while (await TrySendAsync(request) is not { } message)
                await Task.Delay(TimeSpan.FromMilliseconds(10), CancellationToken.None);
        }
    }

    private SendMessageRequest Next()
    {
        var number = Interlocked.Increment(ref _written);
        var text = $"{name} {number:d6}";
        return new SendMessageRequest { ChatId = chats[number % chats.Count], Content = text, ClientId = text };
    }

    private async Task<Message?> TrySendAsync(SendMessageRequest request)
    {
        try
        {
            var message = (await client.Messages.SendAsync(request)).Message!;
            Note(message);
            return message;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or HypersendException { Status: >= 500 })
        {
            // The server is gone or going: the same client id goes again.
            return null;
        }
    }

    private async Task KeepLogAsync(IAsyncEnumerable<LiveEvent> events)
    {
        await foreach (var happened in events)
        {
            if (happened is OutboxChanged { Message: { State: SendState.Sent, Message: { } message } })
                Note(message);
            Assert.IsNotType<EventsMissed>(happened);
            if (happened is OutboxChanged { Message: { State: SendState.Failed, Refusal: { } refusal } })
                Assert.Fail($"{name} was refused: {refusal.Code}");
        }
    }

    private void Note(Message message)
    {
        _log[message.Id] = message.Content!;
        _acknowledged.Enqueue(message.Id);
    }
}
