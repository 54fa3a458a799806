using System.Net;
using System.Net.Sockets;

namespace Hypersend.EngineSpecs.Postgres;

/// <summary>Stands between the server and its database and can be away, or swallow the answer to what was asked.</summary>
internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private readonly List<TcpClient> _open = [];

    public CuttableProxy(string host, int port)
    {
        _host = host;
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections are closed as soon as they are made.</summary>
    public bool IsAway { get; set; }

    /// <summary>What the database says from now on is thrown away, and the connection closed instead.</summary>
    public bool SwallowsAnswers { get; set; }

    public void CutAll()
    {
        lock (_open)
        {
            foreach (var client in _open)
                client.Dispose();
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        CutAll();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        if (IsAway)
            return;
        using var far = new TcpClient();
        await far.ConnectAsync(_host, _port, _end.Token);
        lock (_open)
            _open.AddRange([near, far]);
        await Task.WhenAny(PumpAsync(near, far, answers: false), PumpAsync(far, near, answers: true));
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool answers)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var read)
            {
                if (answers && SwallowsAnswers)
                    return;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // One side is gone: the other is closed by whoever waits for this.
            return;
        }
    }
}
