namespace Hypersend.Server.Features.Search;

/// <summary>The chats in which something changed that is not in the index yet, and since when they wait.</summary>
internal sealed class WaitingChats(TimeProvider clock) : IDisposable
{
    private readonly Dictionary<long, long> _since = [];
    private readonly SemaphoreSlim _some = new(0, 1);

    // When those began to wait that are being read now.
    private long? _reading;

    private bool _ended;

    public void Add(long chatNo) => Add(chatNo, clock.GetTimestamp());

    public void AddAll(IEnumerable<long> chats)
    {
        var now = clock.GetTimestamp();
        foreach (var chat in chats)
            Add(chat, now);
    }

    /// <summary>Takes those who wait longest; what is not read to its end has to be put back.</summary>
    public Dictionary<long, long> Take(int most)
    {
        lock (_since)
        {
            var taken = _since.OrderBy(one => one.Value).Take(most).ToDictionary();
            foreach (var chat in taken.Keys)
                _since.Remove(chat);
            _reading = taken.Count == 0 ? null : taken.Values.Min();
            return taken;
        }
    }

    /// <summary>They still wait, since the moment they began to.</summary>
    public void PutBack(IEnumerable<KeyValuePair<long, long>> chats)
    {
        lock (_since)
        {
            foreach (var (chat, since) in chats)
                _since[chat] = Math.Min(since, _since.GetValueOrDefault(chat, long.MaxValue));
            _reading = null;
            if (_since.Count > 0)
                Signal();
        }
    }

    /// <summary>Until there is one, or for this time.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _some.WaitAsync(cancellation);

    public void Wake()
    {
        lock (_since)
            Signal();
    }

    /// <summary>How long the oldest of them waits.</summary>
    public TimeSpan Behind()
    {
        lock (_since)
        {
            var oldest = _reading ?? long.MaxValue;
            foreach (var since in _since.Values)
                oldest = Math.Min(oldest, since);
            return oldest == long.MaxValue ? TimeSpan.Zero : clock.GetElapsedTime(oldest);
        }
    }

    public void Dispose()
    {
        lock (_since)
        {
            _ended = true;
            _some.Dispose();
        }
    }

    private void Add(long chatNo, long since)
    {
        lock (_since)
        {
            if (_since.TryAdd(chatNo, since))
                Signal();
        }
    }

    private void Signal()
    {
        // The bus and a timer may still speak when the server has stopped to listen.
        if (!_ended && _some.CurrentCount == 0)
            _some.Release();
    }
}
