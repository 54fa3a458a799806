using System.Globalization;
using System.Text.Json.Nodes;
using Hypersend.Contracts.Chats;
using Hypersend.Server.Realtime.Sockets;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Authorization;

/// <summary>Every frame of the socket, every actor, against the running server.</summary>
public sealed class SocketMatrixTests(App app) : IClassFixture<App>
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<Actor, string>> Rows = Read();

    public static TheoryData<string> Types => [.. Rows.Keys];

    [Fact]
    public void Every_frame_has_a_row_and_every_row_a_frame()
    {
        Assert.Equal(ClientFrame.Types.Select(one => one.Name).Order(), Rows.Keys.Order());
        TestContext.Current.TestOutputHelper!.WriteLine($"{Rows.Count} actions of a socket, none without a row; {Rows.Values.Sum(row => row.Count)} answers");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Every_actor_gets_what_the_matrix_says(string type)
    {
        var answers = new Dictionary<Actor, string>();
        foreach (var (actor, outcome) in Rows[type])
        {
            var (what, body) = await PlayAsync(type, actor);
            Assert.True(outcome == what, $"{type} as {actor}: {what} instead of {outcome}. {body}");
            answers[actor] = body;
        }

        // What is not yours to know must not differ from what is not there.
        foreach (var (actor, outcome) in Rows[type])
        {
            if (outcome == "not_found")
                Assert.Equal(answers[Actor.Missing], answers[actor]);
        }
    }

    private async Task<(string What, string Body)> PlayAsync(string type, Actor actor)
    {
        var troupe = await Troupe.OfAsync(app);
        var stage = await Stage.SetAsync(troupe, actor == Actor.Subscriber ? ChatTypes.Channel : ChatTypes.Group, "", actor == Actor.Missing);
        if (troupe.Who(actor) is not { } me)
        {
            await using var nobody = await NobodyAsync(actor);
            if (actor == Actor.Anonymous)
                await nobody.SendAsync(FrameOf(type, stage, ""));
            return ((await nobody.Closed).Code.ToString(CultureInfo.InvariantCulture), "");
        }

        await using var socket = await SocketClient.OpenAsync(app, me);
        await socket.SendAsync(FrameOf(type, stage, me.AccessToken));
        var heard = await socket.UntilAsync(one => (one.Is("ack") || one.Is("error") || one.Is("pong")) && (string?)one["id"] == "matrix");
        var answer = heard[^1];
        if (type == "hello")
            return (OfHello(heard, stage), "");
        return (answer.Is("error") ? (string)answer["code"]! : "ok", answer.ToJsonString());
    }

    private static string OfHello(IReadOnlyList<JsonObject> heard, Stage stage)
    {
        var chat = stage.Chat.ToString();
        var synced = heard.Single(one => one.Is("synced"));
        Assert.Equal(heard.Any(one => one.Is("sync") && (string?)one["chat"]!["id"] == chat), synced["chats"]!.AsArray().Any(one => (string?)one!["id"] == chat));
        return synced["removed"]!.AsArray().Any(one => (string?)one == chat) ? "removed" : "ok";
    }

    private async Task<SocketClient> NobodyAsync(Actor actor)
    {
        if (actor == Actor.Anonymous)
            return await SocketClient.ConnectAsync(app);
        var gone = await app.SignUpAsync("gone");
        var token = gone.AccessToken;
        await gone.Accounts.LogoutAsync();
        await app.EndsEverywhereAsync(token);
        return await SocketClient.ConnectAsync(app, "/ws?token=" + token);
    }

    private static string FrameOf(string type, Stage stage, string token)
    {
        var message = stage.PathOf("/api/v1/messages/{id}")["/api/v1/messages/".Length..];
        var fields = type switch
        {
            "auth" => $"\"token\":\"{token}\"",
            "hello" => $"\"cursors\":{{\"{stage.Chat}\":0}}",
            "message.send" or "message" or "chat_message" => $"\"chat_id\":\"{stage.Chat}\",\"content\":\"from the matrix\"",
            "message.edit" => $"\"message_id\":\"{message}\",\"content\":\"edited\"",
            "message.delete" => $"\"message_id\":\"{message}\"",
            "react" => $"\"message_id\":\"{message}\",\"emoji\":\"👍\",\"on\":true",
            "read" or "delivered" => $"\"chat_id\":\"{stage.Chat}\",\"seq\":1",
            "typing" => $"\"chat_id\":\"{stage.Chat}\",\"on\":true",
            "presence.watch" => $"\"user_ids\":[\"{stage.Newcomer}\"]",
            "signal" => $"\"to\":\"{stage.Newcomer}\",\"transfer_id\":\"{stage.Newcomer}\",\"data\":{{}}",
            "presence.set" => "\"status\":\"away\"",
            _ => "\"x\":0",
        };
        return $"{{\"type\":\"{type}\",\"id\":\"matrix\",{fields}}}";
    }

    private static Dictionary<string, IReadOnlyDictionary<Actor, string>> Read()
    {
        using var file = typeof(SocketMatrixTests).Assembly.GetManifestResourceStream("socket-matrix.txt")!;
        using var reader = new StreamReader(file);
        var rows = new Dictionary<string, IReadOnlyDictionary<Actor, string>>();
        Actor[] columns = [];
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length == 0 || line.StartsWith('#'))
                continue;
            if (cells[0] == "TYPE")
                columns = [.. cells[1..].Select(name => Enum.Parse<Actor>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true))];
            else if (cells.Length != 1 + columns.Length)
                throw new InvalidDataException("A row of the matrix has the wrong number of cells: " + line);
            else
                rows.Add(cells[0], columns.Zip(cells[1..]).ToDictionary(pair => pair.First, pair => pair.Second));
        }

        return rows;
    }
}
