using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Hypersend.EngineSpecs.Engines;

/// <summary>Stands between two that speak TCP and lets the line be slow, narrow, chopped, stuck, deaf, cut or away, for all connections at once.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private const int PieceLength = 16 * 1024;
    private const int PiecesOnTheWay = 256;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly List<Connection> _open = [];
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private TaskCompletionSource _passing = Open();
    private long _untilFault = long.MaxValue;
    private bool _countsAnswers;
    private long _asked;
    private Action _fault = () => { };

    public FaultProxy(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How much later every byte arrives, in each direction; as many bytes pass as before.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>How many bytes a second each connection carries in each direction.</summary>
    public int BytesPerSecond { get; set; } = int.MaxValue;

    /// <summary>No more bytes than these are given to a connection at once.</summary>
    public int SliceLength { get; set; } = PieceLength;

    /// <summary>How many bytes have gone to the server.</summary>
    public long Asked => Interlocked.Read(ref _asked);

    /// <summary>Connections are closed as soon as they are made.</summary>
    public bool IsAway { get; set; }

    /// <summary>No byte passes in either direction until <see cref="Resume"/>, and nobody is told.</summary>
    public void Stall()
    {
        lock (_lock)
        {
            if (_passing.Task.IsCompleted)
                _passing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Everything passes again, also where a stall was still to come.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            _untilFault = long.MaxValue;
            _passing.TrySetResult();
        }
    }

    /// <summary>The connections of this moment carry nothing any more, not even their end, and nobody is told: each side has one that is half open. New ones are well.</summary>
    public void DeafenAll()
    {
        lock (_lock)
        {
            foreach (var connection in _open)
                connection.IsDeaf = true;
        }
    }

    /// <summary>Everything is cut once, when so many more bytes have passed in one direction.</summary>
    public void CutAfter(long bytes, bool answers = false)
    {
        lock (_lock)
            (_untilFault, _countsAnswers, _fault) = (bytes, answers, CutAll);
    }

    /// <summary>Stalls when so many more bytes have passed in one direction: however much the system's own buffers take.</summary>
    public void StallAfter(long bytes, bool answers = false)
    {
        lock (_lock)
            (_untilFault, _countsAnswers, _fault) = (bytes, answers, Stall);
    }

    public void CutAll()
    {
        lock (_lock)
        {
            foreach (var connection in _open)
                connection.Dispose();
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        // Before the listener goes: who asks one that is gone for its next connection is told so by an exception.
        await _accepting;
        _listener.Dispose();
        CutAll();
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
        using var connection = new Connection(client);
        if (IsAway)
            return;
        await connection.Far.ConnectAsync(_host, _port, _end.Token);
        connection.Near.NoDelay = connection.Far.NoDelay = true;
        lock (_lock)
            _open.Add(connection);
        await Task.WhenAny(PumpAsync(connection, answers: false), PumpAsync(connection, answers: true));
        lock (_lock)
            _open.Remove(connection);
    }

    private async Task PumpAsync(Connection connection, bool answers)
    {
        var (from, to) = answers ? (connection.Far, connection.Near) : (connection.Near, connection.Far);
        var line = Channel.CreateBounded<(byte[] Bytes, int Length, long At)>(PiecesOnTheWay);
        await Task.WhenAny(TakeAsync(from, connection, line.Writer), GiveAsync(line.Reader, to, connection, answers));
    }

    private async Task TakeAsync(TcpClient from, Connection connection, ChannelWriter<(byte[], int, long)> line)
    {
        try
        {
            while (true)
            {
                var bytes = ArrayPool<byte>.Shared.Rent(PieceLength);
                var length = await from.GetStream().ReadAsync(bytes, _end.Token);
                if (length == 0)
                    break;
                await line.WriteAsync((bytes, length, TimeProvider.System.GetTimestamp()), _end.Token);
            }

            // What is still on the way arrives before the end does.
            line.Complete();
            await ForeverAsync();
        }
        catch (Exception exception) when (IsTheEnd(exception))
        {
            line.TryComplete(exception);
            if (connection.IsDeaf)
                await ForeverAsync();
        }
    }

    private async Task GiveAsync(ChannelReader<(byte[] Bytes, int Length, long At)> line, TcpClient to, Connection connection, bool answers)
    {
        try
        {
            await foreach (var (bytes, length, at) in line.ReadAllAsync(_end.Token))
            {
                var early = Latency - TimeProvider.System.GetElapsedTime(at);
                if (early > TimeSpan.Zero)
                    await Task.Delay(early, _end.Token);
                await Passing().WaitAsync(_end.Token);
                var passes = Count(length, answers);
                await WriteAsync(bytes.AsMemory(0, passes), to, connection);
                if (passes < length)
                {
                    _fault();
                    await Passing().WaitAsync(_end.Token);
                    await WriteAsync(bytes.AsMemory(passes, length - passes), to, connection);
                }

                if (!answers)
                    Interlocked.Add(ref _asked, length);

                ArrayPool<byte>.Shared.Return(bytes);
            }
        }
        catch (Exception exception) when (IsTheEnd(exception))
        {
            // One side is gone: the other is closed by whoever waits for this.
        }

        if (connection.IsDeaf)
            await ForeverAsync();
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, TcpClient to, Connection connection)
    {
        while (bytes.Length > 0)
        {
            if (connection.IsDeaf)
                await ForeverAsync();
            var slice = bytes[..Math.Min(bytes.Length, SliceLength)];
            await to.GetStream().WriteAsync(slice, _end.Token);
            bytes = bytes[slice.Length..];
            if (BytesPerSecond < int.MaxValue)
                await Task.Delay(TimeSpan.FromSeconds((double)slice.Length / BytesPerSecond), _end.Token);
        }
    }

    /// <summary>Until the proxy goes.</summary>
    private async Task ForeverAsync() => await Task.Delay(Timeout.Infinite, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private Task Passing()
    {
        lock (_lock)
            return _passing.Task;
    }

    private int Count(int length, bool answers)
    {
        lock (_lock)
        {
            if (_countsAnswers != answers || _untilFault == long.MaxValue)
                return length;
            if (_untilFault >= length)
            {
                _untilFault -= length;
                return length;
            }

            var passes = (int)_untilFault;
            _untilFault = long.MaxValue;
            return passes;
        }
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private static bool IsTheEnd(Exception exception) => exception
        is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException or SocketException or ChannelClosedException;

    private sealed class Connection(TcpClient near) : IDisposable
    {
        private volatile bool _isDeaf;

        public TcpClient Near { get; } = near;

        public TcpClient Far { get; } = new();

        public bool IsDeaf
        {
            get => _isDeaf;
            set => _isDeaf = value;
        }

        public void Dispose()
        {
            Near.Dispose();
            Far.Dispose();
        }
    }
}
