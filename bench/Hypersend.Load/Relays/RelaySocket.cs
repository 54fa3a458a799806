using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Hypersend.Contracts.Transfers;
using Hypersend.Load.Sockets;

namespace Hypersend.Load.Relays;

/// <summary>One side of a relay, as little of a client as a measurement needs: bytes are masked once and counted when they come.</summary>
internal sealed class RelaySocket : IDisposable
{
    private const int Binary = 0x2;
    private const int Final = 0x80;
    private const int Masked = 0x80;
    private const int LongLength = 127;
    private const int WebSocketHead = 14;

    private static readonly byte[] Key = [0x9E, 0x37, 0x79, 0xB9];

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[512 * 1024];
    private readonly byte[] _frame = new byte[WebSocketHead + RelayHead.Length + RelayHead.Step];
    private int _from;
    private int _to;

    public RelaySocket(Uri url, string side, string transfer, string token, int? receiveBuffer = null)
    {
        if (receiveBuffer is { } size)
            _socket.ReceiveBufferSize = size;
        _socket.Connect(IPAddress.Loopback, url.Port);
        _socket.Send(Encoding.ASCII.GetBytes(
            $"GET /api/v1/p2p/{side}/{transfer}?token={token} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
        int end;
        while ((end = _buffer.AsSpan(0, _to).IndexOf("\r\n\r\n"u8)) < 0)
            Fill();
        if (!_buffer.AsSpan(0, _to).StartsWith("HTTP/1.1 101"u8))
            throw new InvalidOperationException("The relay answered " + Encoding.ASCII.GetString(_buffer, 0, end));
        _from = end + 4;
    }

    /// <summary>The bytes as they go over the wire.</summary>
    public static byte[] Mask(ReadOnlySpan<byte> bytes)
    {
        var masked = new byte[bytes.Length];
        for (var at = 0; at < masked.Length; at++)
            masked[at] = (byte)(bytes[at] ^ Key[at & 3]);
        return masked;
    }

    /// <summary>Sends a part of a chunk that was masked before; its length is a multiple of four.</summary>
    public void Send(int chunk, int offset, ReadOnlySpan<byte> masked)
    {
        _frame[0] = Final | Binary;
        _frame[1] = Masked | LongLength;
        BinaryPrimitives.WriteInt64BigEndian(_frame.AsSpan(2), RelayHead.Length + masked.Length);
        Key.CopyTo(_frame.AsSpan(WebSocketHead - Key.Length));
        var head = _frame.AsSpan(WebSocketHead, RelayHead.Length);
        new RelayHead(chunk, offset).Write(head);
        for (var at = 0; at < head.Length; at++)
            head[at] ^= Key[at & 3];
        masked.CopyTo(_frame.AsSpan(WebSocketHead + RelayHead.Length));
        SendAll(_frame.AsSpan(0, WebSocketHead + RelayHead.Length + masked.Length));
    }

    public void Say(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var room = new byte[Frames.SizeOf(bytes.Length)];
        SendAll(room.AsSpan(0, Frames.Write(room, Frames.Text, bytes)));
    }

    /// <summary>The next word, and how many bytes of chunks came before it; null when it was closed.</summary>
    public (string? Word, long Bytes) Next()
    {
        var bytes = 0L;
        while (true)
        {
            Frames.Frame frame;
            while (!Frames.TryRead(_buffer.AsSpan(_from, _to - _from), out frame))
                Fill();
            var payload = _buffer.AsSpan(_from + frame.Start, frame.Length);
            _from += frame.End;
            switch (frame.Kind)
            {
                case Binary:
                    bytes += frame.Length - RelayHead.Length;
                    break;
                case Frames.Text:
                    return (Encoding.UTF8.GetString(payload), bytes);
                case Frames.Close:
                    return (null, bytes);
            }
        }
    }

    /// <summary>Waits for a word of this type; what comes before it is passed over.</summary>
    public void Await(string type)
    {
        while (Next().Word is { } word)
        {
            if (word.Contains($"\"type\":\"{type}\"", StringComparison.Ordinal))
                return;
        }

        throw new InvalidOperationException($"The relay closed before it said {type}.");
    }

    /// <summary>Takes some bytes off the line and looks at none of them.</summary>
    public int Sip(int most) => _socket.Receive(_buffer, 0, Math.Min(most, _buffer.Length), SocketFlags.None);

    public void Dispose() => _socket.Dispose();

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[_socket.Send(bytes)..];
    }

    private void Fill()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            (_from, _to) = (0, _to - _from);
        }

        var received = _socket.Receive(_buffer, _to, _buffer.Length - _to, SocketFlags.None);
        if (received == 0)
            throw new IOException("The server closed the connection.");
        _to += received;
    }
}
