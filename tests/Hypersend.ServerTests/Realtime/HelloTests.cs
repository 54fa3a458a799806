using System.Text.Json.Nodes;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Realtime;

public sealed class HelloTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task The_first_hello_without_cursors_gives_every_chat_with_its_last_message()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var chat = (await ana.CreateChatAsync("group", "Trip", bela)).Id;
        await using var speaker = await SocketClient.OpenAsync(app, ana);
        await speaker.SayAsync(chat, "one");
        await speaker.SayAsync(chat, "two");

        await using var socket = await SocketClient.OpenAsync(app, bela);
        var answer = await socket.HelloAsync();

        var sync = answer.Single(one => one.Is("sync") && (string?)one["chat"]!["id"] == chat.ToString());
        Assert.True((bool)sync["reset"]!);
        Assert.Equal(["two"], Contents(sync));
        Assert.Equal("member", (string?)sync["chat"]!["my_role"]);
        Assert.Contains(ana.Id.ToString(), sync["users"]!.AsArray().Select(user => (string?)user!["id"]));
        var state = State(answer, chat);
        Assert.Equal((2, 0, (long)sync["rev"]!), ((int)state["unread"]!, (int)state["mentions"]!, (long)state["rev"]!));
        Assert.Contains(ana.Id.ToString(), state["peers"]!.AsObject().Select(peer => peer.Key));
        Assert.True((bool)answer[^1]["last"]!);
    }

    [Fact]
    public async Task A_hello_with_cursors_gives_what_changed_since_each_once_as_it_is_now()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var chat = (await ana.CreateChatAsync("group", "Trip", bela)).Id;
        var quiet = (await ana.CreateChatAsync("group", "Quiet", bela)).Id;
        await using var speaker = await SocketClient.OpenAsync(app, ana);
        var first = (await speaker.SayAsync(chat, "one"))["message"]!;
        var cursor = (chat, (long)first["rev"]!);
        var quietly = (quiet, (await bela.FindChatAsync(quiet)).Rev);
        await speaker.SayAsync(chat, "two");
        await speaker.SendAsync($$"""{"type":"message.edit","id":"e","message_id":"{{first["id"]}}","content":"ONE"}""");
        await speaker.NextAsync("ack");
        await speaker.SayAsync(chat, "three");

        await using var socket = await SocketClient.OpenAsync(app, bela);
        var answer = await socket.HelloAsync(cursor, quietly);

        var sync = answer.Single(one => one.Is("sync") && (string?)one["chat"]!["id"] == chat.ToString());
        Assert.False((bool)sync["reset"]!);
        Assert.Equal(["ONE", "two", "three"], Contents(sync));
        Assert.DoesNotContain(answer, one => one.Is("sync") && (string?)one["chat"]!["id"] == quiet.ToString());
        Assert.NotNull(State(answer, quiet));
    }

    [Fact]
    public async Task A_cursor_below_zero_is_one_of_nothing_yet()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var chat = (await ana.CreateChatAsync("group", "Trip", bela)).Id;
        await ana.SendAsync(chat, "one");
        await ana.SendAsync(chat, "two");
        await using var socket = await SocketClient.OpenAsync(app, bela);
        var sync = (await socket.HelloAsync((chat, -5))).Single(one => one.Is("sync") && (string?)one["chat"]!["id"] == chat.ToString());
        Assert.False((bool)sync["reset"]!);
        Assert.Equal(["one", "two"], Contents(sync).TakeLast(2));
    }

    [Fact]
    public async Task A_later_hello_covers_the_chats_it_names()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var one = (await ana.CreateChatAsync("group", "One", bela)).Id;
        var other = (await ana.CreateChatAsync("group", "Other", bela)).Id;
        await using var socket = await SocketClient.OpenAsync(app, bela);
        Assert.Equal(3, States(await socket.HelloAsync()).Count);

        var later = await socket.HelloAsync((one, 0));
        Assert.Equal([one.ToString()], States(later).Select(state => (string?)state!["id"]));
        Assert.Equal(one.ToString(), (string?)Assert.Single(later, frame => frame.Is("sync"))["chat"]!["id"]);
        Assert.Empty(States(await socket.HelloAsync()));
        Assert.NotEqual(one, other);
    }

    [Fact]
    public async Task A_cursor_of_a_chat_I_am_not_in_any_more_is_answered_as_removed()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var chat = (await ana.CreateChatAsync("group", "Trip", bela)).Id;
        await ana.DeleteAsync(chat.Path($"/members/{bela.Id}")).AnsweredAsync(204);
        await using var socket = await SocketClient.OpenAsync(app, bela);
        var answer = await socket.HelloAsync((chat, 1));
        Assert.Equal([chat.ToString()], answer[^1]["removed"]!.AsArray().Select(id => (string?)id));
    }

    [Fact]
    public async Task More_than_five_hundred_changes_start_the_chat_afresh()
    {
        var ana = await app.SignUpAsync("ana");
        var chat = (await ana.CreateChatAsync("group", "Trip")).Id;
        await using var speaker = await SocketClient.OpenAsync(app, ana);
        var cursor = (chat, (long)(await speaker.SayAsync(chat, "first"))["message"]!["rev"]!);
        await SayManyAsync(speaker, chat, 501);

        await using var socket = await SocketClient.OpenAsync(app, ana);
        var sync = (await socket.HelloAsync(cursor)).Single(one => one.Is("sync") && (string?)one["chat"]!["id"] == chat.ToString());
        Assert.True((bool)sync["reset"]!);
        Assert.Equal(50, sync["messages"]!.AsArray().Count);
        Assert.Equal("501", Contents(sync)[^1]);
    }

    [Fact]
    public async Task From_the_welcome_on_nothing_is_missing_without_any_hello()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var chat = (await ana.CreateChatAsync("group", "Trip", bela)).Id;
        await using var socket = await SocketClient.OpenAsync(app, bela);
        await using var speaker = await SocketClient.OpenAsync(app, ana);
        var said = await speaker.SayAsync(chat, "hello");

        var heard = await socket.NextAsync("message");
        Assert.Equal(((long)said["message"]!["rev"]!, "hello"), ((long)heard["rev"]!, (string?)heard["message"]!["content"]));
    }

    [Fact]
    public async Task Between_what_is_fetched_and_what_is_live_there_is_neither_a_hole_nor_a_repetition()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var chat = (await ana.CreateChatAsync("group", "Trip", bela)).Id;
        await using var speaker = await SocketClient.OpenAsync(app, ana);
        var start = (await bela.FindChatAsync(chat)).Rev;
        const int Messages = 600;
        var speaking = SayManyAsync(speaker, chat, Messages);

        // People who come in the middle of it, each with the cursor of the one before.
        var cursor = start;
        while (cursor < start + Messages)
        {
            await using var socket = await SocketClient.OpenAsync(app, bela);
            var answer = await socket.HelloAsync((chat, cursor));
            var next = cursor;
            var isSynced = false;
            foreach (var one in answer.Concat(await socket.DrainAsync()))
            {
                if (one.Is("sync") && (string?)one["chat"]!["id"] == chat.ToString())
                    (next, isSynced) = ((long)one["rev"]!, true);
                else if (one.Is("message") && isSynced)
                    Assert.Equal(++next, (long)one["rev"]!);
            }

            cursor = next;
        }

        await speaking;
        Assert.Equal(start + Messages, cursor);
    }

    [Fact]
    public async Task A_thousand_chats_come_in_pieces_and_fast_when_nothing_moved()
    {
        var ana = await app.SignUpAsync("ana");
        for (var i = 0; i < 450; i++)
            await ana.CreateChatAsync("group", $"Chat {i}");
        await using var socket = await SocketClient.OpenAsync(app, ana);
        var first = await socket.HelloAsync();
        Assert.Equal([false, false, true], first.Where(one => one.Is("synced")).Select(one => (bool)one["last"]!));
        Assert.Equal(451, States(first).Count);
        Assert.Equal(450, first.Count(one => one.Is("sync")) - 1);

        await using var again = await SocketClient.OpenAsync(app, ana);
        var cursors = States(first).Select(state => (IdText.Read<ChatId>((string)state!["id"]!), (long)state["rev"]!)).ToArray();
        Assert.DoesNotContain(await again.HelloAsync(cursors), one => one.Is("sync"));
    }

    [Fact]
    public async Task A_hello_with_an_id_is_acknowledged_after_its_answer()
    {
        var ana = await app.SignUpAsync("ana");
        await using var socket = await SocketClient.OpenAsync(app, ana);
        await socket.SendAsync("""{"type":"hello","id":12,"cursors":{}}""");
        var answer = await socket.UntilAsync(one => one.Is("ack"));
        Assert.Equal(["sync", "synced", "ack"], answer.Select(one => (string?)one["type"]));
        Assert.Equal(12, (int)answer[^1]["id"]!);
    }

    private static async Task SayManyAsync(SocketClient speaker, ChatId chat, int count)
    {
        for (var i = 1; i <= count; i++)
            await speaker.SendAsync($$"""{"type":"message.send","id":{{i}},"chat_id":"{{chat}}","content":"{{i}}"}""");
        await speaker.NextAsync(one => one.Is("ack") && (int)one["id"]! == count);
    }

    private static List<string?> Contents(JsonObject sync) => [.. sync["messages"]!.AsArray().Select(message => (string?)message!["content"])];

    private static List<JsonNode?> States(IReadOnlyList<JsonObject> answer) => [.. answer.Where(one => one.Is("synced")).SelectMany(one => one["chats"]!.AsArray())];

    private static JsonNode State(IReadOnlyList<JsonObject> answer, ChatId chat) => States(answer).Single(state => (string?)state!["id"] == chat.ToString())!;
}
