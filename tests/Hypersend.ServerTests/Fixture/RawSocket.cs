using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Hypersend.ServerTests.Fixture;

/// <summary>A socket down to its bytes: says what no client library lets through, and reads only when it is told to.</summary>
internal sealed class RawSocket : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpClient _tcp;
    private readonly NetworkStream _stream;

    private RawSocket(TcpClient tcp) => (_tcp, _stream) = (tcp, tcp.GetStream());

    public static async Task<RawSocket> OpenAsync(App app, string token, int receiveBuffer = 0)
    {
        var tcp = new TcpClient { NoDelay = true };
        if (receiveBuffer > 0)
            tcp.ReceiveBufferSize = receiveBuffer;
        await tcp.ConnectAsync(app.Address.Host, app.Address.Port);
        var socket = new RawSocket(tcp);
        await socket.SendBytesAsync(Encoding.ASCII.GetBytes(
            $"GET /ws?token={token} HTTP/1.1\r\nHost: {app.Address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))}\r\n\r\n"));
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await socket._stream.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        Assert.StartsWith("HTTP/1.1 101 ", head.ToString(), StringComparison.Ordinal);
        return socket;
    }

    /// <summary>A frame with any first byte, masked as a client has to.</summary>
    public static byte[] Frame(byte first, ReadOnlySpan<byte> payload)
    {
        var mask = RandomNumberGenerator.GetBytes(4);
        var head = new byte[14];
        head[0] = first;
        var length = 2;
        if (payload.Length < 126)
        {
            head[1] = (byte)(0x80 | payload.Length);
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            head[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)payload.Length);
            length = 4;
        }
        else
        {
            head[1] = 0x80 | 127;
            BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(2), (ulong)payload.Length);
            length = 10;
        }

        var masked = payload.ToArray();
        for (var i = 0; i < masked.Length; i++)
            masked[i] ^= mask[i % 4];
        return [.. head.AsSpan(0, length), .. mask, .. masked];
    }

    public Task SayAsync(string text) => SendBytesAsync(Frame(0x81, Encoding.UTF8.GetBytes(text)));

    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        using var late = new CancellationTokenSource(Patience);
        await _stream.WriteAsync(bytes, late.Token);
    }

    /// <summary>Sends until the server takes no more; gives how many went.</summary>
    public async Task<int> SendUntilStuckAsync(byte[] bytes, int most, TimeSpan stuckFor)
    {
        for (var i = 0; i < most; i++)
        {
            using var late = new CancellationTokenSource(stuckFor);
            try
            {
                await _stream.WriteAsync(bytes, late.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                return i;
            }
        }

        return most;
    }

    /// <summary>The next frame of the server: its opcode and what is in it; null when the connection is over.</summary>
    public async Task<(int Opcode, byte[] Payload)?> ReadAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        try
        {
            var head = new byte[10];
            await _stream.ReadExactlyAsync(head.AsMemory(0, 2), late.Token);
            Assert.Equal(0, head[1] & 0x80);
            long length = head[1];
            if (length == 126)
            {
                await _stream.ReadExactlyAsync(head.AsMemory(2, 2), late.Token);
                length = BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2));
            }
            else if (length == 127)
            {
                await _stream.ReadExactlyAsync(head.AsMemory(2, 8), late.Token);
                length = BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(2));
            }

            var payload = new byte[length];
            await _stream.ReadExactlyAsync(payload, late.Token);
            return (head[0] & 0x0F, payload);
        }
        catch (Exception exception) when (exception is EndOfStreamException or IOException)
        {
            return null;
        }
    }

    /// <summary>Everything up to a text that holds this; the code of the close when that comes first.</summary>
    public async Task<string> ReadUntilAsync(string part)
    {
        while (await ReadAsync() is { } frame)
        {
            var text = Encoding.UTF8.GetString(frame.Payload);
            if (frame.Opcode == 8)
                return $"closed {BinaryPrimitives.ReadUInt16BigEndian(frame.Payload)}";
            if (text.Contains(part, StringComparison.Ordinal))
                return text;
        }

        return "cut";
    }

    /// <summary>Nothing more comes from here; what the server still says can be read.</summary>
    public void EndSending()
    {
        try
        {
            _tcp.Client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server has ended the connection already, and what it said is still to be read.
        }
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return default;
    }
}
