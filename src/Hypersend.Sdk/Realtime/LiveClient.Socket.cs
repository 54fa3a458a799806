using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Hypersend.Contracts.Realtime;

namespace Hypersend.Sdk.Realtime;

public sealed partial class LiveClient
{
    private const int ReadAtOnce = 16 * 1024;
    private const int KeptBuffer = 1024 * 1024;

    /// <summary>How a connection came to its end; without a code it was lost.</summary>
    private sealed record SocketEnd(int? Code, string? Reason);

    private async Task RunAsync()
    {
        try
        {
            await ConnectAgainAndAgainAsync();
        }
        catch
        {
            // A fault of ours. Nobody may wait for a client that does nothing any more; who disposes of it gets the reason.
            End(LiveEnding.Broken);
            throw;
        }
    }

    private async Task ConnectAgainAndAgainAsync()
    {
        var reconnection = new Reconnection(_options.FirstRetry, _options.LongestRetry, Chance);
        var refusals = 0;
        while (!_ending.IsCancellationRequested && State.Ending is null)
        {
            Do(protocol => protocol.SetStatus(LiveStatus.Connecting));
            string? reason = null;
            try
            {
                if (await _session.FreshAsync(_ending.Token) is not { } tokens)
                {
                    End(LiveEnding.NotAuthenticated);
                    return;
                }

                var end = await TalkAsync(tokens, reconnection);
                if (State.Status is LiveStatus.Syncing or LiveStatus.Live)
                    refusals = 0;
                reason = end.Reason;
                if (end.Code is CloseCodes.NotAuthenticated or CloseCodes.Forbidden)
                {
                    // A renewed token is tried once; who is refused with that one is not wanted.
                    if (++refusals > 1 || await _session.ReplaceAsync(tokens, _ending.Token) is null)
                    {
                        End(end.Code == CloseCodes.Forbidden ? LiveEnding.Forbidden : LiveEnding.NotAuthenticated);
                        return;
                    }

                    continue;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or HypersendException or WebSocketException or IOException or SocketException or OperationCanceledException)
            {
                // No way to the server now: the wait below is the answer, and the status tells whoever looks.
            }

            if (State.Ending is not null)
                return;
            Do(protocol => protocol.SetStatus(LiveStatus.Offline));
            await Task.Delay(reconnection.Next(reason), _clock, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<SocketEnd> TalkAsync(SessionTokens tokens, Reconnection reconnection)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        using var socket = await OpenAsync(over.Token);
        var outgoing = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new UnboundedChannelOptions { SingleReader = true });
        outgoing.Writer.TryWrite(ClientFrames.Auth(tokens.AccessToken));
        lock (_gate)
        {
            if (_state.Ending is not null)
                outgoing.Writer.TryComplete();
            _outgoing = outgoing;
        }

        var pulse = new Pulse();
        var writing = WriteAsync(socket, outgoing.Reader, pulse, over);
        var watching = WatchAsync(pulse, outgoing.Writer, over);
        try
        {
            return await ReadAsync(socket, pulse, reconnection, over.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or JsonException)
        {
            return new SocketEnd(null, null);
        }
        finally
        {
            lock (_gate)
            {
                _outgoing = null;
                _protocol.Disconnected();
                Publish();
            }

            await over.CancelAsync();
            await Task.WhenAll(writing, watching);
        }
    }

    private async Task<WebSocket> OpenAsync(CancellationToken cancellation)
    {
        using var opening = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        opening.CancelAfter(_options.OpeningTime);
        if (_options.Connect is { } connect)
            return await connect(_address, opening.Token);
        var socket = new ClientWebSocket();
        try
        {
            // The protocol has a pulse of its own, which also notices a server that hangs behind a living connection.
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            await socket.ConnectAsync(_address, opening.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<SocketEnd> ReadAsync(WebSocket socket, Pulse pulse, Reconnection reconnection, CancellationToken cancellation)
    {
        var text = new ArrayBufferWriter<byte>(ReadAtOnce);
        while (true)
        {
            var part = await socket.ReceiveAsync(text.GetMemory(ReadAtOnce), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await CloseAsync(socket);
                return new SocketEnd((int?)socket.CloseStatus, socket.CloseStatusDescription);
            }

            text.Advance(part.Count);
            pulse.Heard();
            if (!part.EndOfMessage)
                continue;
            using (var document = JsonDocument.Parse(text.WrittenMemory))
                Do(protocol => protocol.Receive(document.RootElement));
            if (_protocol.IsBroken)
                return new SocketEnd(null, null);
            if (State.Status == LiveStatus.Live)
                reconnection.Succeeded();
            if (text.Capacity > KeptBuffer)
                text = new ArrayBufferWriter<byte>(ReadAtOnce);
            else
                text.ResetWrittenCount();
        }
    }

    /// <summary>Writes until there is nothing more to come, and says goodbye then.</summary>
    private static async Task WriteAsync(WebSocket socket, ChannelReader<ReadOnlyMemory<byte>> outgoing, Pulse pulse, CancellationTokenSource over)
    {
        try
        {
            await foreach (var frame in outgoing.ReadAllAsync(over.Token))
            {
                await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, over.Token);
                pulse.Said();
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, over.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or InvalidOperationException)
        {
            // The connection is gone; a close that is still readable is read, and the reader ends soon either way.
            over.CancelAfter(TimeSpan.FromSeconds(1));
        }
    }

    private async Task WatchAsync(Pulse pulse, ChannelWriter<ReadOnlyMemory<byte>> outgoing, CancellationTokenSource over)
    {
        while (!over.IsCancellationRequested)
        {
            var heartbeat = State.Status is LiveStatus.Connecting ? _options.OpeningTime / 2 : _protocol.Heartbeat ?? _options.OpeningTime;
            await Task.Delay(Pulse.TickOf(heartbeat), _clock, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested)
                return;
            switch (pulse.Tick())
            {
                case PulseFinding.Dead:
                    await over.CancelAsync();
                    return;
                case PulseFinding.Quiet when State.Status is not LiveStatus.Connecting:
                    outgoing.TryWrite(ClientFrames.Ping);
                    break;
                default:
                    break;
            }
        }
    }

    private static async Task CloseAsync(WebSocket socket)
    {
        try
        {
            if (socket.State == WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception exception) when (exception is WebSocketException or InvalidOperationException)
        {
            // Both sides are done with it already.
        }
    }
}
