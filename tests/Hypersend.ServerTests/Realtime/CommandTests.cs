using System.Text.Json.Nodes;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Realtime;

/// <summary>What a client says over the socket, and what it and the others hear of it.</summary>
public sealed class CommandTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData("message.send")]
    [InlineData("chat_message")]
    [InlineData("message")]
    public async Task A_message_is_acknowledged_and_heard_by_all_devices_the_senders_own_too(string type)
    {
        var (ana, bela, chat) = await PairAsync();
        await using var speaker = await SocketClient.OpenAsync(app, ana);
        await using var other = await SocketClient.OpenAsync(app, await app.SignInAsync(ana));
        await using var listener = await SocketClient.OpenAsync(app, bela);
        await speaker.SendAsync($$"""{"type":"{{type}}","id":"m1","chat_id":"{{chat}}","content":"hi","client_id":"c1"}""");

        var heard = await speaker.UntilAsync(one => one.Is("message"));
        var ack = heard.Concat(await speaker.DrainAsync()).Single(one => one.Is("ack"));
        Assert.Equal(("m1", "hi", "c1"), ((string?)ack["id"], (string?)ack["message"]!["content"], (string?)ack["message"]!["client_id"]));
        foreach (var socket in new[] { other, listener })
        {
            var message = await socket.NextAsync("message");
            Assert.Equal(ack["message"]!.ToJsonString(), message["message"]!.ToJsonString());
            Assert.Equal((chat.ToString(), (long)ack["message"]!["rev"]!), ((string?)message["chat_id"], (long)message["rev"]!));
        }
    }

    [Fact]
    public async Task The_same_client_id_again_is_acknowledged_with_the_first_message()
    {
        var (ana, _, chat) = await PairAsync();
        await using var socket = await SocketClient.OpenAsync(app, ana);
        for (var i = 0; i < 2; i++)
            await socket.SendAsync($$"""{"type":"message.send","id":{{i}},"chat_id":"{{chat}}","content":"once","client_id":"same"}""");

        var heard = await socket.UntilAsync(one => one.Is("ack") && (int)one["id"]! == 1);
        var acks = heard.Where(one => one.Is("ack")).ToArray();
        Assert.Equal((string?)acks[0]["message"]!["id"], (string?)acks[1]["message"]!["id"]);
        Assert.True(heard.Concat(await socket.DrainAsync()).Count(one => one.Is("message")) <= 1);
    }

    [Fact]
    public async Task Frames_of_one_socket_take_effect_in_their_order()
    {
        var (ana, _, chat) = await PairAsync();
        await using var socket = await SocketClient.OpenAsync(app, ana);
        var seq = (await ana.FindChatAsync(chat)).LastSeq;
        for (var i = 1; i <= 100; i++)
            await socket.SendAsync($$"""{"type":"message.send","id":{{i}},"chat_id":"{{chat}}","content":"{{i}}"}""");

        // Its id is known before it is stored: the edit has to wait for the sends before it.
        await socket.SendAsync($$"""{"type":"message.edit","id":"edit","message_id":"{{chat}}.{{seq + 100}}","content":"last"}""");
        await socket.SendAsync($$"""{"type":"message.send","id":"after","chat_id":"{{chat}}","content":"after"}""");

        var heard = await socket.UntilAsync(one => one.Is("ack") && one["id"]!.ToJsonString() == "\"after\"");
        heard = [.. heard, .. await socket.DrainAsync()];
        var events = heard.Where(one => one.Is("message") || one.Is("message.updated")).ToList();
        Assert.Equal(
            [.. Enumerable.Range(1, 100).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)), "last", "after"],
            events.Select(one => (string?)one["message"]!["content"]));
        Assert.Equal(Enumerable.Range((int)(long)events[0]["rev"]!, 102).Select(rev => (long)rev), events.Select(one => (long)one["rev"]!));
    }

    [Fact]
    public async Task An_array_of_frames_is_taken_one_by_one()
    {
        var (ana, _, chat) = await PairAsync();
        await using var socket = await SocketClient.OpenAsync(app, ana);
        await socket.SendAsync($$"""[{"type":"message.send","id":1,"chat_id":"{{chat}}","content":"a"},{"type":"nope","id":2},7,{"type":"message.send","id":3,"chat_id":"{{chat}}","content":"b"}]""");
        var heard = await socket.UntilAsync(one => one.Is("ack") && (int)one["id"]! == 3);
        var errors = heard.Where(one => one.Is("error")).ToArray();
        Assert.Equal([ErrorCodes.UnknownFrame, ErrorCodes.MalformedFrame], errors.Select(one => (string?)one["code"]));
        Assert.Equal(2, (int)errors[0]["id"]!);
        Assert.Null(errors[1]["id"]);
    }

    [Fact]
    public async Task An_edit_a_reaction_and_a_deletion_are_heard_with_all_they_changed()
    {
        var (ana, bela, chat) = await PairAsync();
        await using var speaker = await SocketClient.OpenAsync(app, ana);
        await using var listener = await SocketClient.OpenAsync(app, bela);
        var message = (string)(await speaker.SayAsync(chat, "helo"))["message"]!["id"]!;

        await speaker.SendAsync($$"""{"type":"message.edit","id":1,"message_id":"{{message}}","content":"hello"}""");
        Assert.Equal("hello", (string?)(await speaker.NextAsync("ack"))["message"]!["content"]);
        Assert.Equal("hello", (string?)(await listener.NextAsync("message.updated"))["message"]!["content"]);

        await listener.SendAsync($$"""{"type":"react","id":2,"message_id":"{{message}}","emoji":"👍","on":true}""");
        var reacted = await speaker.NextAsync("message.updated");
        reacted = reacted["reaction"] is null ? await speaker.NextAsync("message.updated") : reacted;
        Assert.Equal(
            (bela.Id.ToString(), "👍", true),
            ((string?)reacted["reaction"]!["user_id"], (string?)reacted["reaction"]!["emoji"], (bool)reacted["reaction"]!["on"]!));
        var shown = Assert.Single(reacted["message"]!["reactions"]!.AsArray())!.AsObject();
        Assert.Equal(1, (int)shown["count"]!);
        Assert.False(shown.ContainsKey("me"));
        Assert.True((bool)Assert.Single((await listener.NextAsync("ack"))["message"]!["reactions"]!.AsArray())!["me"]!);

        await speaker.SendAsync($$"""{"type":"message.delete","id":3,"message_id":"{{message}}"}""");
        var deleted = await listener.NextAsync("message.deleted");
        Assert.Null((string?)deleted["message"]!["content"]);
        Assert.NotNull((string?)deleted["message"]!["deleted_at"]);
    }

    [Fact]
    public async Task A_mark_is_heard_by_the_others_and_by_my_own_devices_with_what_is_left()
    {
        var (ana, bela, chat) = await PairAsync();
        await using var speaker = await SocketClient.OpenAsync(app, ana);
        var seq = (long)(await speaker.SayAsync(chat, "read me"))["message"]!["seq"]!;
        await using var reader = await SocketClient.OpenAsync(app, bela);
        await using var device = await SocketClient.OpenAsync(app, await app.SignInAsync(bela));
        await reader.SendAsync($$"""{"type":"read","id":"r","chat_id":"{{chat}}","seq":{{seq}}}""");

        await reader.NextAsync("ack");
        var told = await speaker.NextAsync("read");
        Assert.Equal((bela.Id.ToString(), seq), ((string?)told["user_id"], (long)told["seq"]!));
        Assert.False(told.ContainsKey("unread"));
        var mine = await device.NextAsync("read");
        Assert.Equal((seq, 0), ((long)mine["seq"]!, (int)mine["unread"]!));
    }

    [Fact]
    public async Task Who_blocks_somebody_does_not_hear_them_typing_in_their_direct_chat()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var (direct, group) = (await ana.DirectAsync(ben), await app.GroupAsync(ana, ben));
        await ben.Users.BlockAsync(ana.Id);
        await using var writer = await SocketClient.OpenAsync(app, ana);
        await using var listener = await SocketClient.OpenAsync(app, ben);
        await writer.SendAsync($$"""{"type":"typing","id":1,"chat_id":"{{direct}}"}""");
        await writer.NextAsync("ack");
        await writer.SendAsync($$"""{"type":"typing","chat_id":"{{group}}"}""");
        Assert.Equal(group.ToString(), (string?)(await listener.NextAsync("typing"))["chat_id"]);

        await listener.SendAsync($$"""{"type":"typing","chat_id":"{{direct}}"}""");
        Assert.Equal(ben.Id.ToString(), (string?)(await writer.NextAsync("typing"))["user_id"]);
        await ben.Users.UnblockAsync(ana.Id);
        await writer.SendAsync($$"""{"type":"typing","chat_id":"{{direct}}","on":true}""");
        Assert.Equal(direct.ToString(), (string?)(await listener.NextAsync("typing"))["chat_id"]);
    }

    [Fact]
    public async Task Delivered_is_heard_without_a_word_to_whom_said_it()
    {
        var (ana, bela, chat) = await PairAsync();
        await using var speaker = await SocketClient.OpenAsync(app, ana);
        var seq = (long)(await speaker.SayAsync(chat, "here"))["message"]!["seq"]!;
        await using var reader = await SocketClient.OpenAsync(app, bela);
        await reader.SendAsync($$"""{"type":"delivered","chat_id":"{{chat}}","seq":{{seq}}}""");
        Assert.Equal(seq, (long)(await speaker.NextAsync("delivered"))["seq"]!);
        Assert.DoesNotContain(await reader.DrainAsync(), one => one.Is("ack") || one.Is("error"));
    }

    [Fact]
    public async Task Typing_is_heard_by_the_others_and_not_again_at_once()
    {
        var (ana, bela, chat) = await PairAsync();
        await using var writer = await SocketClient.OpenAsync(app, ana);
        await using var device = await SocketClient.OpenAsync(app, await app.SignInAsync(ana));
        await using var listener = await SocketClient.OpenAsync(app, bela);
        foreach (var on in new[] { "true", "true", "false", "false" })
            await writer.SendAsync($$"""{"type":"typing","chat_id":"{{chat}}","on":{{on}}}""");
        await writer.SayAsync(chat, "done");

        var heard = await listener.UntilAsync(one => one.Is("message"));
        Assert.Equal([true, false], heard.Where(one => one.Is("typing")).Select(one => (bool)one["on"]!));
        Assert.All(heard.Where(one => one.Is("typing")), one => Assert.Equal((ana.Id.ToString(), chat.ToString()), ((string?)one["user_id"], (string?)one["chat_id"])));
        Assert.DoesNotContain(await device.UntilAsync(one => one.Is("message")), one => one.Is("typing"));
    }

    [Fact]
    public async Task An_id_comes_back_as_it_was_written()
    {
        var ana = await app.SignUpAsync("ana");
        await using var socket = await SocketClient.OpenAsync(app, ana);
        foreach (var id in new[] { "\"a\\u0062\"", "12", "-0.50", "true", "null" })
        {
            await socket.SendAsync($$"""{"type":"ping","id":{{id}}}""");
            var pong = await socket.NextAsync("pong");
            Assert.True(pong.ContainsKey("id"));
            Assert.Equal(JsonNode.Parse(id)?.ToJsonString(), pong["id"]?.ToJsonString());
        }

        await socket.SendAsync("""{"type":"ping"}""");
        Assert.False((await socket.NextAsync("pong")).ContainsKey("id"));
    }

    [Fact]
    public async Task What_is_wrong_is_said_with_code_detail_and_hint()
    {
        var (ana, bela, _) = await PairAsync();
        var chat = (await ana.CreateChatAsync("group", "Not yours")).Id;
        await using var socket = await SocketClient.OpenAsync(app, bela);
        var later = TimeProvider.System.GetUtcNow().AddDays(1).ToString("O");
        foreach (var (frame, code) in new (string, string)[]
        {
            ($$"""{"type":"message.send","id":1,"chat_id":"{{chat}}","content":"x"}""", ErrorCodes.NotFound),
            ("""{"type":"message.send","id":1,"content":"x"}""", ErrorCodes.ValidationFailed),
            ("""{"type":"message.send","id":1,"chat_id":5,"content":"x"}""", ErrorCodes.MalformedFrame),
            ($$"""{"type":"message.send","id":1,"chat_id":"{{chat}}","content":"x","send_at":"{{later}}"}""", ErrorCodes.NotFound),
            ($$"""{"type":"message.edit","id":1,"message_id":"{{chat}}.1","content":"x"}""", ErrorCodes.NotFound),
            ("""{"type":"message.edit","id":1,"content":"x"}""", ErrorCodes.ValidationFailed),
            ($$"""{"type":"message.delete","id":1,"message_id":"{{chat}}.1"}""", ErrorCodes.NotFound),
            ($$"""{"type":"react","id":1,"message_id":"{{chat}}.1","emoji":"👍"}""", ErrorCodes.NotFound),
            ($$"""{"type":"read","id":1,"chat_id":"{{chat}}","seq":1}""", ErrorCodes.NotFound),
            ($$"""{"type":"typing","id":1,"chat_id":"{{chat}}"}""", ErrorCodes.NotFound),
            ("""{"type":"typing","id":1}""", ErrorCodes.ValidationFailed),
            ("""{"type":"hello","id":1,"cursors":7}""", ErrorCodes.MalformedFrame),
            ("""{"type":"hello","id":1,"cursors":{"yesterday":7}}""", ErrorCodes.ValidationFailed),
            ("""{"type":"subscribe","id":1}""", ErrorCodes.UnknownFrame),
            ("""{"id":1}""", ErrorCodes.MalformedFrame),
        })
        {
            await socket.SendAsync(frame);
            var error = await socket.NextAsync("error");
            Assert.True(code == (string?)error["code"], $"{frame}: {error.ToJsonString()}");
            Assert.Equal(1, (int)error["id"]!);
            Assert.NotEmpty((string)error["detail"]!);
            Assert.NotEmpty((string)error["hint"]!);
        }
    }

    [Fact]
    public async Task A_message_for_later_is_acknowledged_with_its_time()
    {
        var (ana, _, chat) = await PairAsync();
        await using var socket = await SocketClient.OpenAsync(app, ana);
        var later = TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        await socket.SendAsync($$"""{"type":"message.send","id":"s","chat_id":"{{chat}}","content":"later","send_at":"{{later}}"}""");
        var ack = await socket.NextAsync("ack");
        Assert.Equal(("s", later), ((string?)ack["id"], (string?)ack["send_at"]));
        Assert.NotEmpty((string)ack["scheduled_id"]!);
        Assert.False(ack.ContainsKey("message"));
    }

    private async Task<(Person Ana, Person Bela, ChatId Chat)> PairAsync()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        return (ana, bela, (await ana.CreateChatAsync("group", "Trip", bela)).Id);
    }
}
