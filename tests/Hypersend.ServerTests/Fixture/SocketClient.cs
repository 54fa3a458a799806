using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Hypersend.Contracts.Ids;

namespace Hypersend.ServerTests.Fixture;

/// <summary>A raw socket: what was sent and what came, object by object, and how it closed. It knows no rules of a client.</summary>
internal sealed class SocketClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket;
    private readonly Channel<JsonObject> _heard = Channel.CreateUnbounded<JsonObject>();
    private readonly TaskCompletionSource<SocketEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private SocketClient(ClientWebSocket socket, bool reads)
    {
        _socket = socket;
        _reading = reads ? ReadAsync() : Task.CompletedTask;
    }

    public string? Protocol => _socket.SubProtocol;

    /// <summary>How it closed; waits for it.</summary>
    public Task<SocketEnd> Closed => _end.Task.WaitAsync(Patience);

    /// <summary>How many frames came, whatever was in them.</summary>
    public int Frames { get; private set; }

    public static async Task<SocketClient> ConnectAsync(
        App app, string path = "/ws", IEnumerable<string>? protocols = null, string? origin = null, bool reads = true)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        foreach (var protocol in protocols ?? [])
            socket.Options.AddSubProtocol(protocol);
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await socket.ConnectAsync(new UriBuilder(new Uri(app.Address, path)) { Scheme = "ws" }.Uri, CancellationToken.None);
        }
        catch (WebSocketException exception)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            throw new SocketRefusedException(status, exception);
        }

        return new SocketClient(socket, reads);
    }

    /// <summary>A socket of somebody, past its welcome.</summary>
    public static async Task<SocketClient> OpenAsync(App app, Person person, string path = "/ws")
    {
        var client = await ConnectAsync(app, path, ["hypersend.v1", "bearer." + person.AccessToken]);
        await client.NextAsync("welcome");
        return client;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type = WebSocketMessageType.Text, bool isEnd = true)
    {
        using var late = new CancellationTokenSource(Patience);
        await _socket.SendAsync(bytes, type, isEnd, late.Token);
    }

    /// <summary>Says hello and gives everything up to the end of the answer.</summary>
    public async Task<IReadOnlyList<JsonObject>> HelloAsync(params (ChatId Chat, long Rev)[] cursors)
    {
        var said = string.Join(',', cursors.Select(cursor => $"\"{cursor.Chat}\":{cursor.Rev}"));
        await SendAsync("{\"type\":\"hello\",\"cursors\":{" + said + "}}");
        return await UntilAsync(one => one.Is("synced") && (bool)one["last"]!);
    }

    /// <summary>Sends a message and waits for its acknowledgement.</summary>
    public async Task<JsonObject> SayAsync(ChatId chat, string content)
    {
        await SendAsync($$"""{"type":"message.send","id":"say","chat_id":"{{chat}}","content":{{JsonSerializer.Serialize(content)}}}""");
        return await NextAsync(one => one.Is("ack") && one["id"]?.ToJsonString() == "\"say\"");
    }

    /// <summary>The next object of a type; what comes before it is passed over.</summary>
    public Task<JsonObject> NextAsync(string type) => NextAsync(one => one.Is(type), type);

    public async Task<JsonObject> NextAsync(Func<JsonObject, bool> isIt, string what = "what was waited for") => (await UntilAsync(isIt, what))[^1];

    /// <summary>Everything up to and with the first that fits.</summary>
    public async Task<IReadOnlyList<JsonObject>> UntilAsync(Func<JsonObject, bool> isIt, string what = "what was waited for")
    {
        var passed = new List<JsonObject>();
        using var late = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                var one = await _heard.Reader.ReadAsync(late.Token);
                passed.Add(one);
                if (isIt(one))
                    return passed;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            var end = _end.Task.IsCompletedSuccessfully ? $" It closed: {await _end.Task}." : "";
            throw new TimeoutException($"{what} did not come.{end} What came last of {passed.Count}: {string.Join('\n', passed.TakeLast(20).Select(Shorten))}", exception);
        }
    }

    /// <summary>What has come by the time the server has answered a ping: everything it had to say before.</summary>
    public async Task<IReadOnlyList<JsonObject>> DrainAsync()
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString();
        await SendAsync($$"""{"type":"ping","id":"{{id}}"}""");
        return [.. (await UntilAsync(one => one.Is("pong") && (string?)one["id"] == id)).SkipLast(1)];
    }

    public async Task CloseAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, late.Token);
        await _reading;
    }

    /// <summary>Gone without a word.</summary>
    public void Drop() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.GetMemory(4096), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    _end.TrySetResult(new SocketEnd((int)_socket.CloseStatus!, _socket.CloseStatusDescription ?? ""));
                    await AnswerCloseAsync();
                    return;
                }

                buffer.Advance(part.Count);
                if (!part.EndOfMessage)
                    continue;
                Frames++;

                // Bytes of a relay are for those who ask for them.
                if (part.MessageType == WebSocketMessageType.Text)
                    Take(JsonNode.Parse(buffer.WrittenSpan)!);
                buffer.ResetWrittenCount();
            }
        }
        catch (WebSocketException)
        {
            _end.TrySetResult(new SocketEnd(0, "cut"));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            _end.TrySetResult(new SocketEnd(0, "aborted"));
        }
        finally
        {
            _heard.Writer.TryComplete();
        }
    }

    private async Task AnswerCloseAsync()
    {
        if (_socket.State == WebSocketState.CloseReceived)
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    private static string Shorten(JsonObject one)
    {
        try
        {
            var text = one.ToJsonString();
            return text.Length > 300 ? text[..300] : text;
        }
        catch (InvalidOperationException)
        {
            // Half of a pair that somebody had as their id comes back as it went, and cannot be written here.
            return $"{(string?)one["type"]} with a text that is none";
        }
    }

    private void Take(JsonNode frame)
    {
        foreach (var one in frame is JsonArray many ? many.ToArray() : [frame])
            _heard.Writer.TryWrite((JsonObject)one!);
    }
}

/// <summary>How a socket closed; code 0 when without a word.</summary>
internal sealed record SocketEnd(int Code, string Reason);

/// <summary>The handshake was answered with a status instead.</summary>
internal sealed class SocketRefusedException(int status, Exception inner) : Exception($"The handshake was answered with {status}.", inner)
{
    public int Status => status;
}

internal static class SocketObjects
{
    public static bool Is(this JsonObject one, string type) => (string?)one["type"] == type;
}
