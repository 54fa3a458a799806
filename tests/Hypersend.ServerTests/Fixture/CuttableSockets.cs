using System.Net.WebSockets;
using Hypersend.Sdk.Realtime;

namespace Hypersend.ServerTests.Fixture;

/// <summary>Opens a live client's sockets, on whichever server the test likes, and cuts them like a network that goes away.</summary>
internal sealed class CuttableSockets(Func<Uri> server)
{
    private readonly Lock _gate = new();
    private volatile WebSocket? _current;
    private TaskCompletionSource? _closed;

    /// <summary>How many sockets were opened so far.</summary>
    public int Opened { get; private set; }

    public LiveOptions Options => new()
    {
        Connect = ConnectAsync,
        FirstRetry = TimeSpan.FromMilliseconds(10),
        LongestRetry = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>The connection is gone without a goodbye; the next one is made at once.</summary>
    public void Cut() => _current?.Abort();

    /// <summary>No connection until the network comes back.</summary>
    public void GoAway()
    {
        lock (_gate)
            _closed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Cut();
    }

    public void ComeBack()
    {
        lock (_gate)
        {
            _closed?.TrySetResult();
            _closed = null;
        }
    }

    private async Task<WebSocket> ConnectAsync(Uri address, CancellationToken cancellation)
    {
        await WhenOpenAsync().WaitAsync(cancellation);
        var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(new UriBuilder(server()) { Scheme = "ws", Path = address.AbsolutePath }.Uri, cancellation);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        Opened++;
        _current = socket;
        return socket;
    }

    private Task WhenOpenAsync()
    {
        lock (_gate)
            return _closed?.Task ?? Task.CompletedTask;
    }
}
