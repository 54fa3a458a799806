using System.Threading.Channels;

namespace Hypersend.Sdk.Realtime;

/// <summary>What one reader has not taken yet. A reader that falls behind loses the events, never the memory of the process.</summary>
internal sealed class EventFeed
{
    private const int MostWaiting = 10_000;

    private readonly Channel<LiveEvent> _waiting = Channel.CreateUnbounded<LiveEvent>(new UnboundedChannelOptions { SingleWriter = true });

    public void Write(IReadOnlyList<LiveEvent> events)
    {
        if (_waiting.Reader.Count + events.Count > MostWaiting)
        {
            while (_waiting.Reader.TryRead(out _))
            {
                // Dropped as a whole: half of a story is worse than none.
            }

            _waiting.Writer.TryWrite(new EventsMissed());
            return;
        }

        foreach (var happened in events)
            _waiting.Writer.TryWrite(happened);
    }

    public void Complete() => _waiting.Writer.TryComplete();

    public IAsyncEnumerable<LiveEvent> ReadAllAsync(CancellationToken cancellation) => _waiting.Reader.ReadAllAsync(cancellation);
}
