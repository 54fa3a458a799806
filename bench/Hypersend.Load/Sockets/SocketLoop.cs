using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Hypersend.Load.Sockets;

/// <summary>
/// The client side of every socket, on the one thread that calls <see cref="Run"/>: epoll, recv, send and nothing else, so
/// that the server is what is measured.
/// </summary>
internal sealed unsafe class SocketLoop : IDisposable
{
    private const int BufferBytes = 8 * 1024 * 1024;
    private const int ReceiveBytes = 256 * 1024;
    private const int EventLimit = 512;
    private const int HandshakesAtOnce = 64;
    private const int SocketsPerAddress = 4096;

    private readonly int _epoll = Libc.MakeEpoll();
    private readonly byte* _buffer = (byte*)NativeMemory.Alloc(BufferBytes);
    private readonly byte* _events = (byte*)NativeMemory.Alloc((nuint)(EventLimit * Libc.EventSize));
    private readonly List<LoadSocket> _sockets = [];

    /// <summary>Bytes received since the start, framing included.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>What went wrong first; nothing that is measured counts from then on.</summary>
    public string? Fault { get; private set; }

    /// <summary>Opens sockets to a port of this machine and returns when all have said their greetings.</summary>
    public LoadSocket[] Open(Dialect dialect, int port, int count, TimeSpan limit, int atOnce = HandshakesAtOnce)
    {
        var opened = new LoadSocket[count];
        for (var i = 0; i < count; i++)
        {
            opened[i] = Open(dialect, port, i);
            var waitingFor = i - atOnce;
            if (waitingFor >= 0 && !opened[waitingFor].IsReady)
                Run(() => opened[waitingFor].IsReady, limit);
        }

        Run(() => Array.TrueForAll(opened, socket => socket.IsReady), limit);
        return opened;
    }

    /// <summary>Connects and asks for the upgrade; the answer is met in <see cref="Run"/>.</summary>
    public LoadSocket Open(Dialect dialect, int port, int person)
    {
        var file = Libc.Connect((byte)(2 + (_sockets.Count / SocketsPerAddress)), port);
        var socket = new LoadSocket(this, file, _sockets.Count, dialect, person);
        _sockets.Add(socket);
        Libc.Watch(_epoll, file, Libc.EpollIn | Libc.EpollOut | Libc.EpollEdge, socket.Tag);
        socket.QueueRaw(Encoding.ASCII.GetBytes(
            $"GET {dialect.Path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{dialect.Header(person)}\r\n"));
        socket.Flush();
        return socket;
    }

    /// <summary>Serves the sockets until <paramref name="done"/>; a fault or a passed limit is an exception.</summary>
    public void Run(Func<bool> done, TimeSpan limit)
    {
        var began = Stopwatch.GetTimestamp();
        while (!done())
        {
            var count = Libc.Wait(_epoll, _events, EventLimit, 5);
            var now = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
                Serve(_sockets[Libc.TagOf(_events, i)], Libc.FlagsOf(_events, i), now);
            if (Fault is not null)
                throw new InvalidOperationException(Fault);
            if (Stopwatch.GetElapsedTime(began, now) > limit)
                throw new TimeoutException($"What {_sockets.Count} sockets wait for did not come within {limit}.");
        }
    }

    public void Fail(string reason) => Fault ??= reason;

    public void End(LoadSocket socket, string reason)
    {
        if (socket.HasEnded)
            return;
        socket.HasEnded = true;
        _ = Libc.Close(socket.File);
        Fail($"Socket {socket.Tag} of {_sockets.Count} ended: {reason}.");
    }

    public void Dispose()
    {
        foreach (var socket in _sockets.Where(socket => !socket.HasEnded))
            _ = Libc.Close(socket.File);
        _ = Libc.Close(_epoll);
        NativeMemory.Free(_buffer);
        NativeMemory.Free(_events);
    }

    private void Serve(LoadSocket socket, int flags, long now)
    {
        if ((flags & Libc.EpollOut) != 0 && socket.HasOutput && !socket.HasEnded)
            socket.Flush();
        while ((flags & ~Libc.EpollOut) != 0 && !socket.HasEnded && Receive(socket, now))
        {
            // Less than was asked for is all there was; the next edge tells of more.
        }
    }

    /// <summary>True when there may be more.</summary>
    private bool Receive(LoadSocket socket, long now)
    {
        var rest = socket.TakeRest(new Span<byte>(_buffer, BufferBytes));
        var asked = Math.Min(ReceiveBytes, BufferBytes - rest);
        var received = Libc.Receive(socket.File, _buffer + rest, asked);
        if (received < 0)
            return false;
        if (received == 0)
        {
            End(socket, asked == 0 ? "a frame was too long" : "the connection was cut");
            return false;
        }

        ReceivedBytes += received;
        var bytes = new ReadOnlySpan<byte>(_buffer, rest + received);
        var used = socket.IsUpgraded ? 0 : ReadUpgrade(socket, bytes);
        if (socket.IsUpgraded)
            used += ReadFrames(socket, bytes[used..], now);
        if (socket.HasEnded)
            return false;
        socket.KeepRest(bytes[used..]);
        if (socket.HasOutput)
            socket.Flush();
        return received == asked;
    }

    private int ReadUpgrade(LoadSocket socket, ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return 0;
        if (!bytes.StartsWith("HTTP/1.1 101 "u8))
        {
            End(socket, "the upgrade was answered with " + Encoding.UTF8.GetString(bytes));
            return 0;
        }

        socket.IsUpgraded = true;
        socket.Dialect.Opened(socket);
        return end + 4;
    }

    private int ReadFrames(LoadSocket socket, ReadOnlySpan<byte> bytes, long now)
    {
        var used = 0;
        while (!socket.HasEnded && Frames.TryRead(bytes[used..], out var frame))
        {
            var payload = bytes.Slice(used + frame.Start, frame.Length);
            used += frame.End;
            switch (frame.Kind)
            {
                case Frames.Text when frame.IsLast:
                    socket.Dialect.Received(socket, payload, now);
                    break;
                case Frames.Text or Frames.Continuation:
                    if (socket.Gather(payload, frame.IsLast) is { } whole)
                        socket.Dialect.Received(socket, whole.Span, now);
                    break;
                case Frames.Ping:
                    socket.Queue(payload, Frames.Pong);
                    break;
                case Frames.Close:
                    End(socket, payload.Length < 2 ? "closed" : $"closed with {(payload[0] << 8) | payload[1]} {Encoding.UTF8.GetString(payload[2..])}");
                    break;
            }
        }

        return used;
    }
}
