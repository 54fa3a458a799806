using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;
using Message = Hypersend.Contracts.Messages.Message;

namespace Hypersend.ServerTests.Realtime;

/// <summary>POST /updates, the socket's twin.</summary>
public sealed class PollingTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_poll_without_cursors_answers_at_once_what_a_first_hello_would()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var chat = (await ana.CreateChatAsync("group", "Trip", bela)).Id;
        var answer = await PollAsync(bela, Request([], wait: 25));
        Assert.Equal(["sync", "sync", "synced"], Types(answer));
        Assert.Contains(Events(answer), one => (string?)one["chat"]?["id"] == chat.ToString());
        await using var socket = await SocketClient.ConnectAsync(app, "/ws?token=" + bela.AccessToken);
        Assert.Equal((string?)(await socket.NextAsync("welcome"))["epoch"], (string?)answer["epoch"]);
    }

    [Fact]
    public async Task A_poll_with_a_cursor_behind_answers_at_once_and_one_that_is_level_waits_for_the_next_event()
    {
        const int longest = 53;
        var waiting = new HeldTimers(TimeSpan.FromSeconds(longest));
        await using var own = await App.StartWithAsync(services => services.AddSingleton<TimeProvider>(waiting));
        var (ana, bela) = (await own.SignUpAsync("ana"), await own.SignUpAsync("bela"));
        var chat = (await ana.CreateChatAsync("group", "Trip", bela)).Id;
        var cursors = await CursorsAsync(bela);
        await using var speaker = await SocketClient.OpenAsync(own, ana);
        await speaker.SayAsync(chat, "one");

        var past = await PollAsync(bela, Request(cursors, wait: 25));
        Assert.Equal(["sync", "synced"], Types(past));
        Assert.Equal(["one"], Events(past)[0]["messages"]!.AsArray().Select(message => (string?)message!["content"]));

        cursors[chat] = (long)Events(past)[0]["rev"]!;
        var polling = PollAsync(bela, Request(cursors, longest));
        await waiting.Begun;
        Assert.False(polling.IsCompleted);
        var said = await speaker.SayAsync(chat, "two");
        var next = await polling;
        Assert.Equal(["message"], Types(next));
        Assert.Equal(((long)said["message"]!["rev"]!, "two"), ((long)Events(next)[0]["rev"]!, (string?)Events(next)[0]["message"]!["content"]));
    }

    [Fact]
    public async Task What_has_no_rev_and_changed_between_two_polls_comes_with_the_next_one()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var chat = await ana.DirectAsync(bela);
        var sent = await ana.SendAsync(chat, "read me");
        var (cursors, state) = (await CursorsAsync(bela), "");
        async Task<IReadOnlyList<JsonObject>> NextAsync(int wait)
        {
            var answer = await PollAsync(bela, Request(cursors, wait, state));
            state = (string)answer["state"]!;

            // A mark of before is told by the clock, and may come with any answer.
            return [.. Events(answer).Where(one => (string?)one["type"] != "read")];
        }

        // A client that brings what it was given is told everything once, then nothing.
        Assert.Equal("synced", (string?)Assert.Single(await NextAsync(25))["type"]);
        Assert.Empty(await NextAsync(0));

        await bela.Chats.UpdateSettingsAsync(chat, new ChatSettingsRequest { Draft = new Optional<string?>("half a"), Pinned = true });
        await bela.Chats.MarkReadAsync(chat, sent.Seq);
        var mine = Assert.Single(Assert.Single(await NextAsync(25))["chats"]!.AsArray(), one => (string?)one!["id"] == chat.ToString())!;
        Assert.Equal(("half a", true, sent.Seq, 0L), ((string?)mine["draft"], (bool)mine["pinned"]!, (long)mine["read_seq"]!, (long)mine["unread"]!));
        Assert.Empty(await NextAsync(0));

        // What is heard while it waits brings the states that it moved, and the next poll has nothing to catch up on. Should the
        // message have been there before the poll was, it is caught up on, and comes with the states of all.
        var waiting = NextAsync(25);
        var more = await ana.SendAsync(chat, "and me");
        var heard = await waiting;
        while (!heard.Any(one => Tells(one, more)))
            heard = await NextAsync(25);
        cursors[chat] = more.Rev;
        var moved = Assert.Single(heard[^1]["chats"]!.AsArray(), one => (string?)one!["id"] == chat.ToString())!;
        Assert.Equal(1, (long)moved["unread"]!);
        Assert.Empty(await NextAsync(0));
    }

    /// <summary>As it happens, or with what was caught up on.</summary>
    private static bool Tells(JsonObject told, Message message) =>
        (string?)told["message"]?["id"] == message.Id.ToString() || told["messages"]?.AsArray().Any(one => (string?)one!["id"] == message.Id.ToString()) == true;

    [Fact]
    public async Task Nothing_happened_is_an_answer_too()
    {
        var ana = await app.SignUpAsync("ana");
        var cursors = await CursorsAsync(ana);
        var watch = Stopwatch.StartNew();
        Assert.Empty(Events(await PollAsync(ana, Request(cursors, wait: 0))));
        Assert.Empty(Events(await PollAsync(ana, Request(cursors, wait: 1))));

        // A timer counts in ticks of the system's coarse clock, and may be one of them early.
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.98), TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task One_who_polls_on_and_on_misses_nothing_and_sees_nothing_twice()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var chat = (await ana.CreateChatAsync("group", "Trip", bela)).Id;
        var cursors = await CursorsAsync(bela);
        var start = cursors[chat];
        await using var speaker = await SocketClient.OpenAsync(app, ana);
        const int Messages = 300;
        var speaking = Task.Run(async () =>
        {
            for (var i = 0; i < Messages; i++)
                await speaker.SayAsync(chat, "message");
        });

        while (cursors[chat] < start + Messages)
        {
            foreach (var one in Events(await PollAsync(bela, Request(cursors, wait: 10))))
            {
                if ((string?)one["type"] == "message")
                    Assert.Equal(++cursors[chat], (long)one["rev"]!);
                else if ((string?)one["type"] == "sync")
                    cursors[chat] = (long)one["rev"]!;
            }
        }

        await speaking;
    }

    [Fact]
    public async Task The_sdk_reads_what_is_answered()
    {
        var ana = await app.SignUpAsync("ana");
        var answer = await ana.Client.Realtime.PollAsync(new Contracts.Realtime.UpdatesRequest { Wait = 0 });
        Assert.NotEmpty(answer.Events);
        Assert.NotEmpty(answer.Epoch);
    }

    internal static string Request(Dictionary<ChatId, long> cursors, int wait, string? state = null) => JsonSerializer.Serialize(
        new Contracts.Realtime.UpdatesRequest { Cursors = cursors.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value), Wait = wait, State = state },
        HypersendJson.Wire.UpdatesRequest);

    /// <summary>Where everything is now.</summary>
    internal static async Task<Dictionary<ChatId, long>> CursorsAsync(Person person) =>
        (await person.ChatsAsync()).ToDictionary(chat => chat.Id, chat => chat.Rev);

    private static async Task<JsonObject> PollAsync(Person person, string request)
    {
        using var answer = await person.SendAsync(HttpMethod.Post, "/api/v1/updates", request).AnsweredAsync(200);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
    }

    private static List<JsonObject> Events(JsonObject answer) => [.. answer["events"]!.AsArray().Select(one => one!.AsObject())];

    private static List<string?> Types(JsonObject answer) => [.. Events(answer).Select(one => (string?)one["type"])];
}
