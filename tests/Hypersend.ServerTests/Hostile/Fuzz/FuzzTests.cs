using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Realtime;
using Hypersend.FaultTests;
using Hypersend.Sdk;
using Hypersend.Server.Realtime.Sockets;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.Logging;

namespace Hypersend.ServerTests.Hostile.Fuzz;

/// <summary>
/// Thousands of calls and frames that nearly make sense, the same for a seed: each gets an answer with a code and a hint, none
/// breaks the server. FUZZ_SEED names another seed, FUZZ_INPUTS another number; <c>make soak</c> sends a million.
/// </summary>
[OneNode("a proxy has answers of its own to what is hardly HTTP.")]
public sealed class FuzzTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Workers = 8;

    private static readonly ulong Seed = ulong.TryParse(Environment.GetEnvironmentVariable("FUZZ_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : 20_261_122;
    private static readonly int Inputs = int.TryParse(Environment.GetEnvironmentVariable("FUZZ_INPUTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var inputs) ? inputs : 2_000;

    // They wait for something to happen, and somebody who fuzzes makes them wait for long.
    private static readonly string[] Holding = ["/api/v1/updates", "/download", "/stream", "/content", "/raw", "/files.zip"];

    private readonly int[] _statuses = new int[600];
    private readonly ConcurrentDictionary<string, string> _broken = new(StringComparer.Ordinal);
    private App _app = null!;
    private Person _admin = null!;

    /// <summary>A server for each: who fuzzes as its admin leaves little behind.</summary>
    public async ValueTask InitializeAsync()
    {
        _app = await App.StartAsync();
        _admin = await _app.SignUpAsync("admin");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public Task Calls_that_nearly_make_sense_are_answered_with_a_code() => CallAsync(Inputs);

    [Fact]
    public Task Frames_that_nearly_make_sense_are_answered_and_the_socket_lives() => SayAsync(Inputs);

    [Fact]
    [Trait(Soak.Trait, Soak.Value)]
    public async Task A_million_inputs_break_nothing()
    {
        // In this order: among a million calls is one of the admin's that lets nobody in any more.
        await SayAsync(400_000);
        await CallAsync(600_000);
    }

    private async Task CallAsync(int inputs)
    {
        var document = JsonNode.Parse(await _app.Http.GetStringAsync(new Uri(_app.Address, "/openapi.json")))!;
        var operations = Operations.Of(document);
        Assert.InRange(operations.Count, 200, 1_000);
        var scene = await Scene.SetAsync(_app, Workers);
        var dice = new Dice(Seed);
        await Task.WhenAll(scene.People.Select(me =>
        {
            var own = dice.Split();
            return Task.Run(() => CallAsync(new Caller(own, scene.Known, document), [.. operations.Where(one => !one.IsForAdmins)], me, inputs / Workers));
        }));

        // Last, for who fuzzes here may close the doors.
        await CallAsync(new Caller(dice, scene.Known, document), [.. operations.Where(one => one.IsForAdmins)], _admin, inputs / Workers);
        output.WriteLine($"{inputs:#,0} calls, seed {Seed}: " + string.Join(", ", _statuses.Index().Where(one => one.Item > 0).Select(one => $"{one.Index} {one.Item:#,0} times")));

        // Chance must get through as well, or only the doors were tried.
        Assert.True(_statuses[200] + _statuses[201] + _statuses[204] > inputs / 20, "Hardly a call was taken.");
        Assert.True(_statuses[422] + _statuses[400] > inputs / 20, "Hardly a call was refused.");
        AssertUnbroken();
    }

    private async Task CallAsync(Caller caller, IReadOnlyList<Operation> operations, Person me, int inputs)
    {
        for (var i = 0; i < inputs; i++)
        {
            var (operation, isOwn, request) = caller.Next(operations, me.AccessToken);
            using (request)
            {
                if (await AnswerAsync(operation, request) == 401 && isOwn && !operation.Path.Contains("/auth/", StringComparison.Ordinal))
                    me = await ComeBackAsync(me);
            }
        }
    }

    /// <summary>Somebody ended their own session; or has another name now, or none, and is somebody new.</summary>
    private async Task<Person> ComeBackAsync(Person me)
    {
        try
        {
            return await _app.SignInAsync(me);
        }
        catch (HypersendException) when (me.Id != _admin.Id)
        {
            return await _app.SignUpAsync("fuzzer");
        }
    }

    /// <summary>The status; 0 where nothing came for a while and nothing had to.</summary>
    private async Task<int> AnswerAsync(Operation operation, HttpRequestMessage request)
    {
        var mayHold = Holding.Any(part => operation.Path.Contains(part, StringComparison.Ordinal));
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(mayHold ? 1 : 90));
        try
        {
            using var answer = await _app.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
            var status = (int)answer.StatusCode;
            Interlocked.Increment(ref _statuses[status]);
            if (status < 400)
                return status;
            var text = await answer.Content.ReadAsStringAsync(late.Token);
            if (status is >= 500 and not 507 || (request.Method != HttpMethod.Head && !IsProblem(text) && !IsPage(operation, answer)))
                _broken.TryAdd($"{operation.Method} {operation.Path}", $"{status} '{text}' to {await TellAsync(request)}");
            return status;
        }
        catch (OperationCanceledException) when (mayHold)
        {
            return 0;
        }
    }

    /// <summary>Whoever asks a shared link for a page is told on a page.</summary>
    private static bool IsPage(Operation operation, HttpResponseMessage answer) =>
        operation.Path.StartsWith("/s/", StringComparison.Ordinal) && answer.Content.Headers.ContentType?.MediaType == "text/html";

    private static bool IsProblem(string text)
    {
        try
        {
            var problem = JsonNode.Parse(text);
            return (string?)problem?["code"] is { Length: > 0 } && (string?)problem["hint"] is { Length: > 0 };
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static async Task<string> TellAsync(HttpRequestMessage request) =>
        $"{request.Method} {request.RequestUri}\n{request.Headers}{request.Content?.Headers}\n{(request.Content is { } body ? await body.ReadAsStringAsync() : "")}";

    private async Task SayAsync(int inputs)
    {
        var scene = await Scene.SetAsync(_app, Workers);
        var dice = new Dice(Seed + 1);
        await Task.WhenAll(scene.People.Select(me =>
        {
            var own = dice.Split();
            return Task.Run(() => SayAsync(own, new Junk(own, scene.Known), me, inputs / Workers));
        }));
        output.WriteLine($"{inputs:#,0} frames, seed {Seed}");
        AssertUnbroken();
    }

    private async Task SayAsync(Dice dice, Junk junk, Person me, int inputs)
    {
        const int together = 20;
        for (var i = 0; i < inputs; i += together)
        {
            await using var socket = await SocketClient.OpenAsync(_app, me);
            var sent = new List<string>();
            try
            {
                for (var n = 0; n < together; n++)
                {
                    var frame = junk.Damaged(Encoding.UTF8.GetBytes(FrameOf(dice, junk)));
                    sent.Add(Encoding.UTF8.GetString(frame));
                    await socket.SendAsync(frame);
                }

                // Everything before it was looked at by now.
                await socket.SendAsync("""{"type":"ping","id":"through"}""");
                await socket.NextAsync(one =>
                {
                    Assert.False(one.Is("error") && (string?)one["code"] is null or ErrorCodes.InternalError, $"{(string?)one["code"]} after {string.Join('\n', sent)}");
                    return one.Is("pong") && IsThrough(one["id"]);
                });
            }
            catch (Exception exception) when (exception is TimeoutException or System.Net.WebSockets.WebSocketException or ObjectDisposedException)
            {
                // Wrong tokens and bytes that are no text end a socket, and say so.
                var end = await socket.Closed;
                Assert.True(end.Code is CloseCodes.NotAuthenticated or CloseCodes.TooBig or 1007, $"{end} after {string.Join('\n', sent)}");
            }
        }
    }

    private static bool IsThrough(JsonNode? id)
    {
        try
        {
            return id?.ToString() == "through";
        }
        catch (InvalidOperationException)
        {
            // Somebody else's id, of half a pair.
            return false;
        }
    }

    private static string FrameOf(Dice dice, Junk junk)
    {
        if (dice.OneIn(10))
            return junk.Json();
        string[] names = ["chat_id", "message_id", "content", "seq", "cursors", "client_id", "reply_to", "emoji", "on", "user_ids", "status", "to", "transfer_id", "data", "token", "thread", "files", "file_ids", "expires_in", "send_at", "since"];
        var fields = new List<string> { "\"type\":" + (dice.OneIn(8) ? junk.Json() : Junk.Quoted(dice.Of(ClientFrame.Types).Name)), "\"id\":" + (dice.OneIn(3) ? Whole(junk.Json()) : "7") };
        foreach (var name in names)
        {
            if (dice.OneIn(2))
                fields.Add($"\"{name}\":{Field(name, dice, junk)}");
        }

        var frame = "{" + string.Join(',', fields) + "}";
        return dice.OneIn(10) ? $"[{frame},{frame},{junk.Json()}]" : frame;
    }

    /// <summary>An id comes back as it was sent; half a pair of UTF-16 is no string that could be read here.</summary>
    private static string Whole(string json) => json.Replace("\\ud800", "x", StringComparison.Ordinal);

    private static string Field(string name, Dice dice, Junk junk) => dice.OneIn(4) ? junk.Json() : name switch
    {
        "seq" or "since" or "expires_in" => junk.Number(),
        "on" => dice.OneIn(2) ? "true" : "false",
        "user_ids" or "file_ids" or "files" => "[" + string.Join(',', Enumerable.Range(0, dice.Below(5)).Select(_ => Junk.Quoted(junk.Id(name)))) + "]",
        "cursors" => "{" + string.Join(',', Enumerable.Range(0, dice.Below(5)).Select(_ => $"{Junk.Quoted(junk.Id(name))}:{junk.Number()}")) + "}",
        "data" => "{\"sdp\":" + Junk.Quoted(junk.Text()) + "}",
        "content" or "client_id" or "emoji" or "status" or "token" => Junk.Quoted(junk.Text()),
        _ => Junk.Quoted(junk.Id(name)),
    };

    private void AssertUnbroken()
    {
        Assert.True(_broken.IsEmpty, string.Join("\n\n", _broken.Select(one => $"{one.Key}: {one.Value}")));
        Assert.Empty(_app.Logs.Lines.Where(line => line.Level >= LogLevel.Error).Select(line => $"{line.Category} {line.Message} {line.Exception}").Take(3));
    }
}
