using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Realtime;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Realtime;

/// <summary>What no good client sends: coded errors or the contract's close codes, and nobody else notices.</summary>
public sealed class HostileFrameTests(App app) : IClassFixture<App>
{
    public static TheoryData<string> JsonFiles =>
        SharedData.Find("json-parsing") is { } folder ? [.. Directory.EnumerateFiles(folder, "*.json").Select(file => Path.GetFileName(file)!).Order()] : ["(absent)"];

    [Theory]
    [MemberData(nameof(JsonFiles))]
    public async Task A_file_of_the_parsing_suite_as_a_frame_is_answered_and_the_socket_stays_open(string file)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(SharedData.PathOf("json-parsing"), file), TestContext.Current.CancellationToken);
        await using var socket = await RawSocket.OpenAsync(app, app.Admin.AccessToken);
        await socket.SendBytesAsync(RawSocket.Frame(0x81, bytes));
        await socket.SayAsync("""{"type":"ping","id":"still here"}""");

        var frames = new List<JsonNode>();
        while (!frames.Exists(one => (string?)one["type"] == "pong"))
        {
            var frame = await socket.ReadAsync();
            Assert.NotNull(frame);
            Assert.Equal(1, frame.Value.Opcode);
            var json = JsonNode.Parse(frame.Value.Payload)!;
            frames.AddRange(json is JsonArray many ? many.Select(one => one!) : [json]);
        }

        // None of them is an object with a type; an empty array says nothing, and is not wrong.
        var errors = frames.Where(one => (string?)one["type"] == "error").ToList();
        Assert.All(errors, one => Assert.Contains((string?)one["code"], new[] { ErrorCodes.MalformedFrame, ErrorCodes.UnknownFrame }));
        Assert.True(errors.Count > 0 || Encoding.UTF8.GetString(bytes).Trim() is ['[', .. var inside, ']'] && inside.Trim().Length == 0, $"{file} was not answered");
    }

    [Fact]
    public async Task A_binary_frame_is_an_error_and_the_socket_stays_open()
    {
        await using var socket = await SocketClient.OpenAsync(app, app.Admin);
        await socket.SendAsync("""{"type":"ping"}"""u8.ToArray(), WebSocketMessageType.Binary);
        Assert.Equal(ErrorCodes.MalformedFrame, (string?)(await socket.NextAsync("error"))["code"]);
        await socket.DrainAsync();
    }

    [Fact]
    public async Task A_message_in_many_pieces_is_one_message()
    {
        await using var socket = await SocketClient.OpenAsync(app, app.Admin);
        var text = """{"type":"ping","id":"in pieces"}""";
        for (var i = 0; i < text.Length; i++)
            await socket.SendAsync(Encoding.UTF8.GetBytes(text[i..(i + 1)]), isEnd: i == text.Length - 1);
        Assert.Equal("in pieces", (string?)(await socket.NextAsync("pong"))["id"]);
    }

    [Theory]
    [InlineData(256 * 1024, true)]
    [InlineData((256 * 1024) + 1, false)]
    [InlineData(10 * 1024 * 1024, false)]
    public async Task A_frame_of_more_than_256_KiB_closes(int length, bool isFine)
    {
        await using var socket = await SocketClient.OpenAsync(app, app.Admin);
        var head = """{"type":"ping","x":" """.TrimEnd();
        var frame = Encoding.UTF8.GetBytes(head + new string('x', length - head.Length - 2) + "\"}");
        Assert.Equal(length, frame.Length);
        await socket.SendAsync(frame);
        if (isFine)
            await socket.NextAsync("pong");
        else
            Assert.Equal(CloseCodes.TooBig, (await socket.Closed).Code);
    }

    [Fact]
    public async Task Pieces_that_grow_too_big_together_close()
    {
        await using var socket = await SocketClient.OpenAsync(app, app.Admin);
        var piece = new byte[64 * 1024];
        for (var i = 0; i < 5; i++)
            await socket.SendAsync(piece, isEnd: false);
        Assert.Equal(CloseCodes.TooBig, (await socket.Closed).Code);
    }

    [Fact]
    public async Task Ten_thousand_frames_a_second_are_refused_and_then_closed_and_nobody_else_notices()
    {
        await using var limited = await App.StartAsync("--RATE_LIMITS=on");
        var (ana, bela) = (await limited.SignUpAsync("ana"), await limited.SignUpAsync("bela"));
        var chat = (await ana.CreateChatAsync("group", "Trip", bela)).Id;
        await using var good = await SocketClient.OpenAsync(limited, ana);
        await using var flood = await SocketClient.OpenAsync(limited, bela);
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 10_000; i++)
                await flood.SendAsync("""{"type":"ping"}""");
        });

        await good.SayAsync(chat, "calm");
        var refused = await flood.NextAsync("error");
        Assert.Equal((ErrorCodes.RateLimited, 1), ((string?)refused["code"], (int)refused["retry_after"]!));
        Assert.Equal(CloseCodes.TooFast, (await flood.Closed).Code);
        await sending.ContinueWith(_ => { }, TaskScheduler.Default);
        await good.SayAsync(chat, "still calm");
    }

    [Fact]
    public async Task An_array_counts_as_many_as_are_in_it()
    {
        // No time passes that would allow for more of them.
        await using var limited = await App.StartAsync(new ManualClock(), "--RATE_LIMITS=on");
        await using var socket = await SocketClient.OpenAsync(limited, await limited.SignUpAsync("ana"));
        await socket.SendAsync("[" + string.Join(',', Enumerable.Range(0, 300).Select(i => $$"""{"type":"ping","id":{{i}}}""")) + "]");
        var heard = await socket.UntilAsync(one => (int?)one["id"] == 299);
        Assert.Equal((200, 100), (heard.Count(one => one.Is("pong")), heard.Count(one => one.Is("error"))));
    }

    [Fact]
    public async Task A_megabyte_of_content_is_refused_whichever_way_it_comes()
    {
        var ana = await app.SignUpAsync("ana");
        var chat = (await ana.CreateChatAsync("group", "Trip")).Id;
        await using var socket = await SocketClient.OpenAsync(app, ana);
        await socket.SendAsync($$"""{"type":"message.send","id":1,"chat_id":"{{chat}}","content":"{{new string('x', 200_000)}}"}""");
        Assert.Equal(ErrorCodes.ValidationFailed, (string?)(await socket.NextAsync("error"))["code"]);
        await socket.SendAsync($$"""{"type":"message.send","id":1,"chat_id":"{{chat}}","content":"\u0000"}""");
        Assert.Equal(ErrorCodes.InvalidText, (string?)(await socket.NextAsync("error"))["code"]);
        await socket.SendAsync($$"""{"type":"message.send","id":1,"chat_id":"{{chat}}","content":"\ud800"}""");
        Assert.Contains((string?)(await socket.NextAsync("error"))["code"], new[] { ErrorCodes.InvalidText, ErrorCodes.MalformedFrame });
    }
}
