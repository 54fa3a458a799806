using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Transfers;
using Hypersend.Sdk.Calls;

namespace Hypersend.Sdk.Transfers;

/// <summary>One side's way to the relay: connects, signs in, and says what became of a connection.</summary>
internal sealed class RelayLine(Uri address, TransferId transfer, SessionKeeper session, RelayOptions options, TimeProvider clock)
{
    public const int LongestFrame = 128 * 1024;

    private const int SealVersion = 1;

    public RelayOptions Options => options;

    public TimeProvider Clock => clock;

    /// <summary>Begins to agree on keys, if this side and the relay can; the metadata names who is on the other side.</summary>
    public SealTalk? TalkAbout(JsonObject metadata, bool sends, Func<CancellationToken, Task> agreed) =>
        options.Live is not null && (int?)metadata["seal"] >= SealVersion && metadata["transfer"]?[sends ? "receiver" : "sender"]?["id"] is { } peer
            ? new SealTalk(options.Live, clock, transfer, UserId.Parse((string)peer!, null), sends, agreed)
            : null;

    /// <summary>Talks over one connection after the other until one of them says that it is done.</summary>
    public async Task RunAsync(Func<RelayConnection, CancellationToken, Task<bool>> talk, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var tokens = await session.FreshAsync(cancellation) ?? throw new TransferEndedException("not signed in");
                using var socket = await OpenAsync(cancellation);
                using var connection = new RelayConnection(socket);
                await connection.SayAsync(new JsonObject { ["type"] = "auth", ["token"] = tokens.AccessToken }, cancellation);
                if (await talk(connection, cancellation))
                    return;
                if ((int?)socket.CloseStatus is RelayWords.NotAuthenticated or RelayWords.NotAParty or RelayWords.Unknown or RelayWords.Replaced or RelayWords.WrongFrame)
                    throw new TransferEndedException(socket.CloseStatusDescription ?? "closed");
            }
            catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or HttpRequestException or InvalidOperationException && !cancellation.IsCancellationRequested)
            {
                // The line is lost; the next one goes on where the receiver says.
            }

            await Task.Delay(options.Retry, clock, cancellation);
        }
    }

    private async Task<WebSocket> OpenAsync(CancellationToken cancellation)
    {
        if (options.Connect is { } connect)
            return await connect(address, cancellation);
        var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(address, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>One connection to the relay.</summary>
internal sealed class RelayConnection(WebSocket socket) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly byte[][] _buffers = [new byte[RelayLine.LongestFrame], new byte[RelayLine.LongestFrame]];
    private int _next;

    public void Abort() => socket.Abort();

    public void Dispose() => _writing.Dispose();

    public async Task SayAsync(JsonObject said, CancellationToken cancellation) =>
        await WriteAsync(JsonSerializer.SerializeToUtf8Bytes(said, RelayJson.Default.JsonObject), WebSocketMessageType.Text, cancellation);

    public Task SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation) => WriteAsync(frame, WebSocketMessageType.Binary, cancellation);

    /// <summary>The next frame: bytes, or a word; neither when the connection was closed. Good until the call after the next.</summary>
    public async Task<(ReadOnlyMemory<byte> Bytes, JsonObject? Word)> NextAsync(CancellationToken cancellation)
    {
        var length = 0;
        var buffer = _buffers[_next = 1 - _next];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
            {
                if (socket.State == WebSocketState.CloseReceived)
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
                return (default, null);
            }

            if (!part.EndOfMessage)
                continue;
            return part.MessageType == WebSocketMessageType.Binary
                ? (buffer.AsMemory(0, length), null)
                : (default, JsonNode.Parse(buffer.AsSpan(0, length))!.AsObject());
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> frame, WebSocketMessageType type, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            await socket.SendAsync(frame, type, endOfMessage: true, cancellation);
        }
        finally
        {
            _writing.Release();
        }
    }
}
