using System.Security.Cryptography;
using System.Threading.Channels;
using Hypersend.Sdk.Calls;
using Hypersend.Sdk.Messages;

namespace Hypersend.Sdk.Realtime;

/// <summary>
/// A live connection that comes back by itself and misses nothing. <see cref="State"/> is what is known now; what is sent
/// is kept until the server has it on disk. Safe to use from many threads.
/// </summary>
public sealed partial class LiveClient : IAsyncDisposable
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LiveProtocol _protocol = new();
    private readonly Dictionary<string, TaskCompletionSource<LiveAnswer>> _asked = [];
    private readonly Dictionary<string, TaskCompletionSource<OutgoingMessage>> _sending = [];
    private readonly List<EventFeed> _feeds = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly Uri _address;
    private readonly SessionKeeper _session;
    private readonly MessagesClient _messages;
    private readonly LiveOptions _options;
    private readonly TimeProvider _clock;
    private Channel<ReadOnlyMemory<byte>>? _outgoing;
    private TaskCompletionSource? _change;
    private LiveState _state = LiveState.Empty;
    private Task? _running;
    private bool _reporting;
    private bool _disposed;

    internal LiveClient(Uri address, SessionKeeper session, MessagesClient messages, LiveOptions options, TimeProvider clock)
    {
        var secure = string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);
        _address = new UriBuilder(new Uri(address, "/ws")) { Scheme = secure ? "wss" : "ws" }.Uri;
        (_session, _messages, _options, _clock) = (session, messages, options, clock);
    }

    /// <summary>Everything that is known at this moment.</summary>
    public LiveState State => Volatile.Read(ref _state);

    /// <summary>Begins to connect, and does so again whenever the connection is lost.</summary>
    public void Start()
    {
        lock (_gate)
            _running ??= Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Begins to connect, and waits until everything is here.</summary>
    public Task<LiveState> StartAsync(CancellationToken cancellation = default)
    {
        Start();
        return WhenAsync(state => state.Status == LiveStatus.Live, cancellation);
    }

    /// <summary>Waits for a state that is as wished.</summary>
    /// <exception cref="LiveEndedException">The client has ended, so that no other state will come.</exception>
    public async Task<LiveState> WhenAsync(Func<LiveState, bool> wish, CancellationToken cancellation = default)
    {
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (wish(_state))
                    return _state;
                if (_state.Ending is { } ending)
                    throw new LiveEndedException(ending);
                change = (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await change.WaitAsync(cancellation);
        }
    }

    /// <summary>What happens from now on, in order. A reader that falls far behind gets <see cref="EventsMissed"/>.</summary>
    public IAsyncEnumerable<LiveEvent> EventsAsync(CancellationToken cancellation = default)
    {
        var feed = new EventFeed();
        lock (_gate)
        {
            if (_state.Ending is not null)
                feed.Complete();
            _feeds.Add(feed);
        }

        return ReadFeedAsync(feed, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            running = _running;
            End(LiveEnding.Disposed);

            // The writer says goodbye when nothing is left to write.
            _outgoing?.Writer.TryComplete();
        }

        _ending.CancelAfter(TimeSpan.FromSeconds(2));
        if (running is null || _outgoing is null)
            await _ending.CancelAsync();
        if (running is not null)
            await running;
        await _ending.CancelAsync();
        _ending.Dispose();
    }

    private async IAsyncEnumerable<LiveEvent> ReadFeedAsync(EventFeed feed, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            await foreach (var happened in feed.ReadAllAsync(cancellation))
                yield return happened;
        }
        finally
        {
            lock (_gate)
                _feeds.Remove(feed);
        }
    }

    private T Do<T>(Func<LiveProtocol, T> act)
    {
        lock (_gate)
        {
            var result = act(_protocol);
            Publish();
            return result;
        }
    }

    private void Do(Action<LiveProtocol> act)
    {
        lock (_gate)
        {
            act(_protocol);
            Publish();
        }
    }

    /// <summary>Carries out what the protocol wants, with the gate held so that everything keeps its order.</summary>
    private void Publish()
    {
        Volatile.Write(ref _state, _protocol.State);
        foreach (var frame in _protocol.TakeFrames())
            _outgoing?.Writer.TryWrite(frame);
        foreach (var answer in _protocol.TakeAnswers())
        {
            if (_asked.Remove(answer.Id, out var asked))
                asked.TrySetResult(answer);
        }

        foreach (var chat in _protocol.TakePauses())
            _ = LaterAsync(TimeSpan.FromSeconds(0.5 + Chance()), protocol => protocol.Resume(chat));
        if (_options.ReportsArrivals && !_reporting && _protocol.HasArrivals)
        {
            _reporting = true;
            _ = LaterAsync(ReportEvery, ReportArrivals);
        }

        if (_protocol.TakeEvents() is { Count: > 0 } events)
            Tell(events);
    }

    private void Tell(IReadOnlyList<LiveEvent> events)
    {
        foreach (var feed in _feeds)
            feed.Write(events);
        foreach (var changed in events.OfType<OutboxChanged>().Where(changed => changed.Message.State != SendState.Sending))
        {
            if (_sending.Remove(changed.Message.ClientId, out var sending))
                sending.TrySetResult(changed.Message);
        }

        _change?.TrySetResult();
        _change = null;
    }

    private void ReportArrivals(LiveProtocol protocol)
    {
        _reporting = false;
        protocol.ReportArrivals();
    }

    private async Task LaterAsync(TimeSpan delay, Action<LiveProtocol> act)
    {
        await Task.Delay(delay, _clock, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_ending.IsCancellationRequested)
            Do(act);
    }

    /// <summary>Nothing will come any more; those who wait hear it now.</summary>
    private void End(LiveEnding ending)
    {
        lock (_gate)
        {
            if (_state.Ending is not null)
                return;
            _protocol.SetStatus(LiveStatus.Ended, ending);
            Publish();
            foreach (var feed in _feeds)
                feed.Complete();
            foreach (var waiting in _asked.Values)
                waiting.TrySetException(new LiveEndedException(ending));
            foreach (var waiting in _sending.Values)
                waiting.TrySetException(new LiveEndedException(ending));
            _asked.Clear();
            _sending.Clear();
        }
    }

    private static double Chance() => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
}
