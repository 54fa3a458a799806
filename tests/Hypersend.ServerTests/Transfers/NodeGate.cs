using System.Net;
using System.Net.Sockets;

namespace Hypersend.ServerTests.Transfers;

/// <summary>The address at which other nodes reach one. While it is shut, nothing gets in, and what was in is cut.</summary>
internal sealed class NodeGate : IAsyncDisposable
{
    private readonly IPEndPoint _address;
    private TcpListener _listener = new(IPAddress.Loopback, 0);
    private CancellationTokenSource _shut = new();
    private Task _accepting;
    private Uri? _node;
    private int _passed;

    public NodeGate()
    {
        _listener.Start();
        _address = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync(_listener, _shut.Token);
    }

    public string Url => $"http://{_address}";

    /// <summary>How many connections came through.</summary>
    public int Passed => Volatile.Read(ref _passed);

    public void LeadTo(Uri node) => _node = node;

    public void Shut()
    {
        _listener.Stop();
        _shut.Cancel();
    }

    public async Task OpenAgainAsync()
    {
        await EndAsync();
        (_listener, _shut) = (new TcpListener(_address), new CancellationTokenSource());
        _listener.Start();
        _accepting = AcceptAsync(_listener, _shut.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Shut();
        await EndAsync();
    }

    private async Task EndAsync()
    {
        await _accepting;
        _listener.Dispose();
        _shut.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken shut)
    {
        var passing = new List<Task>();
        try
        {
            while (true)
                passing.Add(PassAsync(await listener.AcceptTcpClientAsync(shut), shut));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Shut.
        }

        await Task.WhenAll(passing);
    }

    private async Task PassAsync(TcpClient from, CancellationToken shut)
    {
        using (from)
        using (var to = new TcpClient())
        {
            try
            {
                await to.ConnectAsync(_node!.Host, _node.Port, shut);
                Interlocked.Increment(ref _passed);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(shut);
                var ways = new[] { from.GetStream().CopyToAsync(to.GetStream(), either.Token), to.GetStream().CopyToAsync(from.GetStream(), either.Token) };
                await Task.WhenAny(ways);
                await either.CancelAsync();
                await Task.WhenAll(ways);
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One of the two has gone, or it was shut.
            }
        }
    }
}
