using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Realtime.Frames;

/// <summary>The numbered cases on a socket down to its bytes, at once and byte by byte.</summary>
public sealed class FrameCaseTests(App app) : IClassFixture<App>
{
    private const string Last = "the last question";

    public static TheoryData<string> Numbers => [.. FrameCases.All.Select(one => one.ToString())];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task At_once(string number)
    {
        var one = FrameCases.All.Single(one => one.ToString() == number);
        await using var socket = await RawSocket.OpenAsync(app, app.Admin.AccessToken);
        await socket.SendBytesAsync(one.Sent);
        await AskAsync(socket);
        Assert.Equal(one.Expected, await HeardAsync(socket));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task Byte_by_byte(string number)
    {
        var one = FrameCases.All.Single(one => one.ToString() == number);
        Assert.SkipWhen(one.Sent.Length > 4096, "Of texts this long, at once is enough.");
        await using var socket = await RawSocket.OpenAsync(app, app.Admin.AccessToken);
        try
        {
            foreach (var part in one.Sent)
                await socket.SendBytesAsync(new[] { part });
        }
        catch (IOException)
        {
            // What follows a breach finds the connection closed.
        }

        await AskAsync(socket);
        Assert.Equal(one.Expected, await HeardAsync(socket));
    }

    [Fact]
    public void Every_case_has_a_number_of_its_own() =>
        Assert.Equal(FrameCases.All.Count, FrameCases.All.Select(one => one.Number).Distinct().Count());

    private static async Task AskAsync(RawSocket socket)
    {
        try
        {
            await socket.SayAsync($$"""{"type":"ping","id":"{{Last}}"}""");
        }
        catch (IOException)
        {
            // It is closed already: what was heard says with which code.
        }
    }

    /// <summary>What came, until the last question was answered or the socket closed; after a close nothing comes any more.</summary>
    private static async Task<IReadOnlyList<string>> HeardAsync(RawSocket socket)
    {
        var heard = new List<string>();
        while (await socket.ReadAsync() is { } frame)
        {
            switch (frame.Opcode)
            {
                case 1:
                    var json = JsonNode.Parse(frame.Payload)!;
                    var said = json is JsonArray many ? many.Select(one => Say(one!)) : [Say(json)];
                    heard.AddRange(said.OfType<string>());
                    break;
                case 8:
                    heard.Add(frame.Payload.Length == 0 ? "closed" : $"closed {BinaryPrimitives.ReadUInt16BigEndian(frame.Payload)}");
                    socket.EndSending();
                    break;
                case 10:
                    heard.Add("pong " + Convert.ToHexString(frame.Payload));
                    break;
                default:
                    heard.Add($"opcode {frame.Opcode}");
                    break;
            }

            if (heard.LastOrDefault() == FrameCase.Alive)
                break;
        }

        return heard;
    }

    /// <summary>Null for what has nothing to do with what was sent.</summary>
    private static string? Say(JsonNode one) => (string?)one["type"] switch
    {
        "error" => $"error {one["code"]}",
        "pong" when (string?)one["id"] == Last => FrameCase.Alive,
        "pong" => $"answer {one["id"]}",
        _ => null,
    };
}
