using System.Collections.Concurrent;
using System.Threading.Channels;
using Hypersend.Server.Realtime;

namespace Hypersend.EngineSpecs.Bus;

/// <summary>What one subscriber got, and how many calls it had to bear at the same time.</summary>
internal sealed class Inbox
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<BusMessage> _messages = new();
    private readonly Channel<bool> _news = Channel.CreateUnbounded<bool>();
    private int _inside;

    public Inbox(IBus bus) => bus.Subscribe(Take);

    public int MostAtOnce { get; private set; }

    public IReadOnlyList<BusMessage> Messages => [.. _messages];

    public Task UntilAsync(int count) => UntilAsync(messages => messages.Count >= count);

    public async Task UntilAsync(Func<IReadOnlyList<BusMessage>, bool> isSo)
    {
        using var late = new CancellationTokenSource(Patience);
        while (!isSo(Messages))
            await _news.Reader.ReadAsync(late.Token);
    }

    private void Take(BusMessage message)
    {
        // Nodes say that they are there whenever they hear the others again.
        if (message is NodeCame)
            return;
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _inside));
        _messages.Enqueue(message);
        Interlocked.Decrement(ref _inside);
        _news.Writer.TryWrite(true);
    }
}
