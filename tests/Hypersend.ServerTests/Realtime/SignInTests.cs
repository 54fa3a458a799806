using System.Text.Json.Nodes;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Realtime;

public sealed class SignInTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_socket_signs_in_with_its_first_frame()
    {
        var ana = await app.SignUpAsync("ana");
        await using var socket = await SocketClient.ConnectAsync(app);
        await socket.SendAsync($$"""{"type":"auth","token":"{{ana.AccessToken}}"}""");
        AssertIsWelcome(await socket.NextAsync("welcome"), ana);
    }

    [Fact]
    public async Task More_may_follow_the_token_in_one_frame()
    {
        var ana = await app.SignUpAsync("ana");
        await using var socket = await SocketClient.ConnectAsync(app);
        await socket.SendAsync($$"""[{"type":"auth","token":"{{ana.AccessToken}}"},{"type":"hello","cursors":{ } },{"type":"ping","id":1}]""");
        var heard = await socket.UntilAsync(one => one.Is("pong"));
        Assert.Equal(["welcome", "synced", "pong"], heard.Select(one => (string?)one["type"]).Where(type => type != "sync"));
    }

    [Theory]
    [InlineData("/ws?token={0}")]
    [InlineData("/api/v1/ws?token={0}")]
    [InlineData("/ws/{1}?token={0}")]
    public async Task A_socket_signs_in_by_its_address(string path)
    {
        var ana = await app.SignUpAsync("ana");
        await using var socket = await SocketClient.ConnectAsync(app, string.Format(null, path, ana.AccessToken, ana.Id));
        AssertIsWelcome(await socket.NextAsync("welcome"), ana);
        Assert.Null(socket.Protocol);
    }

    [Fact]
    public async Task A_socket_signs_in_by_a_protocol_beside_ours_and_ours_is_chosen()
    {
        var ana = await app.SignUpAsync("ana");
        await using var socket = await SocketClient.ConnectAsync(app, protocols: ["hypersend.v1", "bearer." + ana.AccessToken]);
        AssertIsWelcome(await socket.NextAsync("welcome"), ana);
        Assert.Equal("hypersend.v1", socket.Protocol);
    }

    [Theory]
    [InlineData("address")]
    [InlineData("protocol")]
    [InlineData("frame")]
    public async Task A_ticket_opens_one_socket(string where)
    {
        var ana = await app.SignUpAsync("ana");
        var ticket = (await ana.Accounts.GetSocketTicketAsync()).Ticket;
        await using (var first = await OpenAsync())
            AssertIsWelcome(await first.NextAsync("welcome"), ana);

        await using var second = await OpenAsync();
        Assert.Equal(CloseCodes.NotAuthenticated, (await second.Closed).Code);

        async Task<SocketClient> OpenAsync()
        {
            if (where == "protocol")
                return await SocketClient.ConnectAsync(app, protocols: ["hypersend.v1", "bearer." + ticket]);
            var socket = await SocketClient.ConnectAsync(app, where == "address" ? "/ws?token=" + ticket : "/ws");
            if (where == "frame")
                await socket.SendAsync($$"""{"type":"auth","token":"{{ticket}}"}""");
            return socket;
        }
    }

    [Theory]
    [InlineData("/ws?token=wrong")]
    [InlineData("/ws?token=")]
    [InlineData("/ws?token=a.b.c")]
    [InlineData("/ws?token=%00%ff")]
    public async Task A_bad_token_is_let_in_and_closed(string path)
    {
        await using var socket = await SocketClient.ConnectAsync(app, path);
        Assert.Equal(new SocketEnd(CloseCodes.NotAuthenticated, ErrorCodes.InvalidToken), await socket.Closed);
    }

    [Theory]
    [InlineData("""{"type":"auth","token":"wrong"}""")]
    [InlineData("""{"type":"auth"}""")]
    [InlineData("""{"type":"auth","token":7}""")]
    [InlineData("""{"type":"ping"}""")]
    [InlineData("""[]""")]
    [InlineData("""nonsense""")]
    public async Task A_first_frame_that_is_no_good_token_closes(string frame)
    {
        await using var socket = await SocketClient.ConnectAsync(app);
        await socket.SendAsync(frame);
        Assert.Equal(new SocketEnd(CloseCodes.NotAuthenticated, ErrorCodes.NotAuthenticated), await socket.Closed);
    }

    [Fact]
    public async Task Who_says_nothing_for_five_seconds_is_closed()
    {
        await using var socket = await SocketClient.ConnectAsync(app);
        Assert.Equal(new SocketEnd(CloseCodes.NotAuthenticated, ErrorCodes.NotAuthenticated), await socket.Closed);
    }

    [Fact]
    public async Task An_address_with_somebody_elses_id_is_forbidden()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        await using var socket = await SocketClient.ConnectAsync(app, $"/ws/{bela.Id}?token={ana.AccessToken}");
        Assert.Equal(CloseCodes.Forbidden, (await socket.Closed).Code);
    }

    [Fact]
    public async Task A_socket_for_one_chat_hears_that_chat_only()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var one = (await ana.CreateChatAsync("group", "One", bela)).Id;
        var other = (await ana.CreateChatAsync("group", "Other", bela)).Id;
        await using var socket = await SocketClient.ConnectAsync(app, $"/ws/chat/{one}?token={bela.AccessToken}");
        await socket.NextAsync("welcome");
        await using var speaker = await SocketClient.OpenAsync(app, ana);

        await speaker.SayAsync(other, "not for here");
        await speaker.SayAsync(one, "for here");

        var heard = await socket.UntilAsync(frame => frame.Is("message"));
        Assert.Single(heard);
        Assert.Equal("for here", (string?)heard[0]["message"]!["content"]);
    }

    [Fact]
    public async Task A_socket_for_a_chat_that_is_not_mine_is_gone()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var chat = (await ana.CreateChatAsync("group", "One")).Id;
        foreach (var id in new[] { chat.ToString(), new ChatId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())).ToString(), "nonsense" })
        {
            await using var socket = await SocketClient.ConnectAsync(app, $"/ws/chat/{id}?token={bela.AccessToken}");
            Assert.Equal(CloseCodes.Gone, (await socket.Closed).Code);
        }
    }

    [Fact]
    public async Task Another_sites_page_gets_no_socket()
    {
        var ana = await app.SignUpAsync("ana");
        var refusal = await Assert.ThrowsAsync<SocketRefusedException>(
            () => SocketClient.ConnectAsync(app, "/ws?token=" + ana.AccessToken, origin: "https://evil.example"));
        Assert.Equal(403, refusal.Status);

        await using var own = await SocketClient.ConnectAsync(app, "/ws?token=" + ana.AccessToken, origin: app.Address.GetLeftPart(UriPartial.Authority));
        await own.NextAsync("welcome");
    }

    [Fact]
    public async Task What_is_no_socket_is_told_so()
    {
        var answer = await app.SendAsync(HttpMethod.Get, "/ws").AnsweredAsync(426);
        Assert.Equal("13", Assert.Single(answer.Headers.GetValues("Sec-WebSocket-Version")));
        await app.SendAsync(HttpMethod.Get, "/ws").RefusedAsync(426, ErrorCodes.UpgradeRequired);
        await app.SendAsync(HttpMethod.Get, "/api/v1/ws").RefusedAsync(426, ErrorCodes.UpgradeRequired);
    }

    private static void AssertIsWelcome(JsonObject welcome, Person person)
    {
        Assert.Equal(person.Id.ToString(), (string?)welcome["user"]!["id"]);
        Assert.Equal(person.Email, (string?)welcome["user"]!["email"]);
        Assert.Equal(30, (int)welcome["heartbeat_s"]!);
        Assert.NotEmpty((string)welcome["epoch"]!);
        Assert.NotEmpty((string)welcome["session_id"]!);
        Assert.NotEmpty((string)welcome["server_time"]!);
    }
}
