using System.Net.WebSockets;
using System.Text;
using Hypersend.Sdk.Transfers;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Transfers;

/// <summary>Connects to the relay, and is cut after so many bytes were read or written.</summary>
internal sealed class CutLine(App app, params int[] cutAfter)
{
    public int Opened { get; private set; }

    public RelayOptions Options => new() { Connect = ConnectAsync, Retry = TimeSpan.FromMilliseconds(20) };

    private async Task<WebSocket> ConnectAsync(Uri address, CancellationToken cancellation)
    {
        var socket = await RelayLines.OpenAsync(app, address, cancellation);
        var limit = Opened < cutAfter.Length ? cutAfter[Opened] : int.MaxValue;
        Opened++;
        return new CountedSocket(socket, limit);
    }

    /// <summary>A socket that is gone after some bytes in either direction.</summary>
    private sealed class CountedSocket(WebSocket inner, int limit) : SocketAround(inner)
    {
        private long _bytes;

        public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var result = await base.ReceiveAsync(buffer, cancellationToken);
            Count(result.Count);
            return result;
        }

        public override async ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
        {
            Count(buffer.Length);
            await base.SendAsync(buffer, messageType, endOfMessage, cancellationToken);
        }

        private void Count(int bytes)
        {
            if (Interlocked.Add(ref _bytes, bytes) > limit)
                Abort();
        }
    }
}

/// <summary>A line that is lost together with the first word of a type that comes by it, and has a successor.</summary>
internal sealed class WordLostLine(App app, string type)
{
    public RelayOptions Options => new()
    {
        Connect = async (address, cancellation) => new LosingSocket(type, await RelayLines.OpenAsync(app, address, cancellation)),
        Retry = TimeSpan.FromMilliseconds(20),
    };

    private sealed class LosingSocket(string type, WebSocket inner) : SocketAround(inner)
    {
        public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var result = await base.ReceiveAsync(buffer, cancellationToken);
            if (result.MessageType != WebSocketMessageType.Text || !Encoding.UTF8.GetString(buffer.Span[..result.Count]).Contains($"\"type\":\"{type}\"", StringComparison.Ordinal))
                return result;
            Abort();
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
        }
    }
}

/// <summary>A line into which somebody looks, and who changes a byte of some of the frames that come: those of these numbers.</summary>
internal sealed class TouchedLine(App app, params int[] spoiled)
{
    private readonly List<byte[]> _frames = [];

    public RelayOptions Options => new() { Connect = async (address, cancellation) => new TouchedSocket(this, await RelayLines.OpenAsync(app, address, cancellation)) };

    /// <summary>The binary frames that came, as they came; for when it is over.</summary>
    public IReadOnlyList<byte[]> Frames => _frames;

    private sealed class TouchedSocket(TouchedLine line, WebSocket inner) : SocketAround(inner)
    {
        private readonly List<byte> _frame = [];

        public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var result = await base.ReceiveAsync(buffer, cancellationToken);
            if (result.MessageType != WebSocketMessageType.Binary)
                return result;
            _frame.AddRange(buffer.Span[..result.Count]);
            if (!result.EndOfMessage)
                return result;
            line._frames.Add([.. _frame]);
            _frame.Clear();
            if (line.IsSpoiled(line._frames.Count))
                buffer.Span[result.Count - 1] ^= 1;
            return result;
        }
    }

    private bool IsSpoiled(int number) => spoiled.Contains(number);
}

internal static class RelayLines
{
    public static async Task<WebSocket> OpenAsync(App app, Uri address, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(app.Address) { Scheme = "ws", Path = address.AbsolutePath }.Uri, cancellation);
        return socket;
    }
}

/// <summary>A socket that does what the inner one does.</summary>
internal abstract class SocketAround(WebSocket inner) : WebSocket
{
    public override WebSocketCloseStatus? CloseStatus => inner.CloseStatus;

    public override string? CloseStatusDescription => inner.CloseStatusDescription;

    public override WebSocketState State => inner.State;

    public override string? SubProtocol => inner.SubProtocol;

    public override void Abort() => inner.Abort();

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        inner.CloseAsync(closeStatus, statusDescription, cancellationToken);

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        inner.CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override void Dispose() => inner.Dispose();

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Memory is what is read into.");

    public override ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        inner.ReceiveAsync(buffer, cancellationToken);

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        SendAsync(buffer.AsMemory(), messageType, endOfMessage, cancellationToken).AsTask();

    public override ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        inner.SendAsync(buffer, messageType, endOfMessage, cancellationToken);
}
