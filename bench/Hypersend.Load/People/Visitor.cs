using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hypersend.Load.People;

/// <summary>
/// Somebody with the app open: a socket that hears everything, and one deed after the other with a pause in between. Ten times
/// as often they read as they write.
/// </summary>
internal sealed class Visitor(ServerProcess server, string token, IReadOnlyList<string> chats) : IAsyncDisposable
{
    // What a hundred deeds are.
    private static readonly (string Deed, int Weight)[] Habits =
    [
        ("open a chat", 34), ("scroll back", 22), ("mark as read", 16), ("list of chats", 8), ("search", 4), ("type", 7), ("send", 8), ("come back", 1),
    ];

    private static readonly string[] Words = ["harbour", "ferry", "tomorrow", "film", "lunch", "rain", "tickets", "photo", "train", "garden"];

    private ClientWebSocket? _socket;
    private Task _hearing = Task.CompletedTask;
    private Tally _tally = new();
    private string _chat = chats[0];
    private long _oldest;
    private long _newest;

    /// <summary>What happens from now on is counted here.</summary>
    public void CountIn(Tally tally) => Volatile.Write(ref _tally, tally);

    /// <summary>Lives until it is over.</summary>
    public async Task LiveAsync(TimeSpan pause, CancellationToken over)
    {
        try
        {
            await Task.Delay(pause * Share(), over);
            await DoAsync("come back", () => ComeBackAsync(over));
            while (true)
            {
                await Task.Delay(pause * (0.5 + Share()), over);
                var deed = Choose();
                await DoAsync(deed, () => ActAsync(deed, over));
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It is over.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket?.Abort();
        await _hearing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket?.Dispose();
    }

    private static string Choose()
    {
        var throwOf = RandomNumberGenerator.GetInt32(Habits.Sum(habit => habit.Weight));
        foreach (var (deed, weight) in Habits)
        {
            if ((throwOf -= weight) < 0)
                return deed;
        }

        return Habits[0].Deed;
    }

    private async Task DoAsync(string deed, Func<Task<System.Net.HttpStatusCode?>> act)
    {
        var tally = Volatile.Read(ref _tally);
        var began = Stopwatch.GetTimestamp();
        try
        {
            var status = await act();
            tally.Add(deed, Stopwatch.GetElapsedTime(began), status);
        }
        catch (Exception exception) when (exception is HttpRequestException or WebSocketException or IOException or TimeoutException)
        {
            tally.Broke(deed, exception);
        }
    }

    private async Task<System.Net.HttpStatusCode?> ActAsync(string deed, CancellationToken over)
    {
        switch (deed)
        {
            case "open a chat":
                _chat = chats[RandomNumberGenerator.GetInt32(chats.Count)];
                return await ReadAsync($"/api/v1/messages/{_chat}?limit=60", over);
            case "scroll back":
                return await ReadAsync($"/api/v1/messages/{_chat}?limit=60" + (_oldest > 1 ? $"&before={_oldest}" : ""), over);
            case "mark as read":
                return await CallAsync(HttpMethod.Post, $"/api/v1/chats/{_chat}/read", JsonSerializer.SerializeToUtf8Bytes(new { seq = _newest }), over);
            case "list of chats":
                return await CallAsync(HttpMethod.Get, "/api/v1/chats?limit=50", null, over);
            case "search":
                return await CallAsync(HttpMethod.Get, "/api/v1/search/messages?limit=20&q=" + Word(), null, over);
            case "type":
                await SayAsync($$"""{"type":"typing","chat_id":"{{_chat}}","on":true}""", over);
                return null;
            case "send":
                return await CallAsync(HttpMethod.Post, "/api/v1/messages", JsonSerializer.SerializeToUtf8Bytes(new
                {
                    chat_id = _chat,
                    client_id = RandomNumberGenerator.GetHexString(24),
                    content = $"{Word()} {Word()} {Word()} {Word()}",
                }), over);
            default:
                return await ComeBackAsync(over);
        }
    }

    private static double Share() => RandomNumberGenerator.GetInt32(1_000) / 1_000.0;

    private static string Word() => Words[RandomNumberGenerator.GetInt32(Words.Length)];

    private async Task<System.Net.HttpStatusCode?> ReadAsync(string path, CancellationToken over)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, over);
        if (!answer.IsSuccessStatusCode)
            return answer.StatusCode;
        using var page = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(over));
        var items = page.RootElement.GetProperty("items");
        if (items.GetArrayLength() > 0)
            (_oldest, _newest) = (items[0].GetProperty("seq").GetInt64(), Math.Max(_newest, items[items.GetArrayLength() - 1].GetProperty("seq").GetInt64()));
        if (!path.Contains("before", StringComparison.Ordinal) && items.GetArrayLength() > 0)
            _newest = items[items.GetArrayLength() - 1].GetProperty("seq").GetInt64();
        return answer.StatusCode;
    }

    private async Task<System.Net.HttpStatusCode?> CallAsync(HttpMethod method, string path, byte[]? json, CancellationToken over)
    {
        using var answer = await SendAsync(method, path, json, over);
        await answer.Content.CopyToAsync(Stream.Null, over);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[]? json, CancellationToken over)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (json is not null)
            request.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, over);
    }

    /// <summary>A new socket, until it has caught up.</summary>
    private async Task<System.Net.HttpStatusCode?> ComeBackAsync(CancellationToken over)
    {
        await DisposeAsync();
        _socket = new ClientWebSocket();
        var address = new UriBuilder(server.Url) { Scheme = "ws", Path = "/ws", Query = "token=" + token }.Uri;
        await _socket.ConnectAsync(address, over);
        await SayAsync("""{"type":"hello","cursors":{}}""", over);
        var caughtUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _hearing = HearAsync(_socket, caughtUp, over);
        await caughtUp.Task.WaitAsync(TimeSpan.FromSeconds(30), over);
        return null;
    }

    private async Task HearAsync(ClientWebSocket socket, TaskCompletionSource caughtUp, CancellationToken over)
    {
        var buffer = new byte[16 * 1024];
        var last = "\"type\":\"synced\""u8.ToArray();
        try
        {
            while (true)
            {
                var frame = await socket.ReceiveAsync(buffer.AsMemory(), over);
                if (frame.MessageType == WebSocketMessageType.Close)
                    throw new WebSocketException($"The server closed with {socket.CloseStatus}.");
                if (frame.EndOfMessage)
                    Volatile.Read(ref _tally).Hear();
                if (!caughtUp.Task.IsCompleted && buffer.AsSpan(0, frame.Count).IndexOf(last) >= 0)
                    caughtUp.TrySetResult();
            }
        }
        catch (Exception exception)
        {
            caughtUp.TrySetException(exception is OperationCanceledException ? exception : new WebSocketException("The socket ended: " + exception.Message));
        }
    }

    private async Task SayAsync(string text, CancellationToken over)
    {
        if (_socket is { State: WebSocketState.Open } socket)
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, over);
    }
}
