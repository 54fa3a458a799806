using System.Text.Json.Nodes;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Users;
using Hypersend.Sdk.Realtime;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Presence;

/// <summary>Who is here, and who is told.</summary>
public sealed class PresenceTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Who_watches_hears_at_once_how_somebody_is_and_then_what_changes()
    {
        var (ana, bela) = await PairAsync();
        await using var watcher = await SocketClient.OpenAsync(app, ana);
        Assert.Equal(Presences.Offline, (await ana.Users.GetAsync(bela.Id)).Presence);

        await watcher.WatchAsync(bela);
        var first = await watcher.HearsAsync(bela, "offline");
        Assert.NotNull(first["last_seen"]);
        await using var socket = await SocketClient.OpenAsync(app, bela);
        await watcher.HearsAsync(bela, "online");
        Assert.Equal(Presences.Online, (await ana.Users.GetAsync(bela.Id)).Presence);
        await socket.SetPresenceAsync("dnd");
        await watcher.HearsAsync(bela, "dnd");

        Assert.Equal(Presences.DoNotDisturb, (await ana.Users.GetAsync(bela.Id)).Presence);
        Assert.Equal(Presences.DoNotDisturb, (await bela.Users.GetAsync(bela.Id)).Presence);
    }

    [Fact]
    [OneNode("how often each device is told depends on the nodes they are on")]
    public async Task Several_devices_are_one_person()
    {
        var (ana, bela) = await PairAsync();
        await using var watcher = await SocketClient.OpenAsync(app, ana);
        await using var laptop = await SocketClient.OpenAsync(app, bela);
        await using var phone = await SocketClient.OpenAsync(app, await app.SignInAsync(bela));
        await watcher.WatchAsync(bela);
        await watcher.HearsAsync(bela, "online");

        await laptop.SetPresenceAsync("away");
        await phone.HearsAsync(bela, "online");
        await phone.SetPresenceAsync("away");
        await laptop.HearsAsync(bela, "online");
        await laptop.HearsAsync(bela, "away");
        await watcher.HearsAsync(bela, "away");
    }

    [Fact]
    public async Task An_invisible_one_is_offline_to_all_others_and_not_seen_later()
    {
        var (ana, bela) = await PairAsync();
        await using var watcher = await SocketClient.OpenAsync(app, ana);
        await using var socket = await SocketClient.OpenAsync(app, bela);
        await watcher.WatchAsync(bela);
        await watcher.HearsAsync(bela, "online");

        await socket.SetPresenceAsync("invisible");
        var told = await watcher.HearsAsync(bela, "offline");
        await socket.HearsAsync(bela, "invisible");

        var seen = await ana.Users.GetAsync(bela.Id);
        Assert.Equal(Presences.Offline, seen.Presence);
        Assert.True(seen.LastSeen <= (DateTimeOffset)told["last_seen"]!);
        Assert.Equal(Presences.Invisible, (await bela.Users.GetAsync(bela.Id)).Presence);
    }

    [Fact]
    public async Task Of_strangers_nothing_is_told_until_they_share_a_chat()
    {
        var (ana, bela, cora) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"), await app.SignUpAsync("cora"));
        await ana.DirectAsync(bela);
        await using var watcher = await SocketClient.OpenAsync(app, ana);
        await using var stranger = await SocketClient.OpenAsync(app, cora);
        await watcher.WatchAsync(bela, cora);
        await watcher.HearsNothingButAsync(bela, "offline", cora);

        await app.GroupAsync(cora, ana);
        await watcher.NextAsync("chat.created");
        await watcher.WatchAsync(bela, cora);

        await watcher.HearsAsync(cora, "online");
    }

    [Fact]
    public async Task Whom_somebody_blocks_hears_that_they_went_and_nothing_more()
    {
        var (ana, bela) = await PairAsync();
        var cora = await app.SignUpAsync("cora");
        await app.GroupAsync(ana, bela, cora);
        await using var watcher = await SocketClient.OpenAsync(app, bela);
        await using var socket = await SocketClient.OpenAsync(app, ana);
        await watcher.WatchAsync(ana, cora);
        await watcher.HearsAsync(ana, "online");

        await ana.Users.BlockAsync(bela.Id);
        Assert.Null((await watcher.HearsAsync(ana, "offline"))["last_seen"]);
        await socket.SetPresenceAsync("dnd");
        await using var witness = await SocketClient.OpenAsync(app, cora);
        await watcher.HearsNothingButAsync(cora, "online", ana);

        await ana.Users.UnblockAsync(bela.Id);
        await watcher.HearsAsync(ana, "dnd");
    }

    [Theory]
    [InlineData("leaves")]
    [InlineData("is removed")]
    [InlineData("sees the chat end")]
    public async Task Who_shares_no_chat_any_more_is_gone_from_the_other_s_view_at_once_and_the_other_from_theirs(string how)
    {
        var (ana, bela, cora) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"), await app.SignUpAsync("cora"));
        var chat = await app.GroupAsync(ana, bela);
        await app.GroupAsync(ana, cora);
        await using var first = await SocketClient.OpenAsync(app, ana);
        await using var second = await SocketClient.OpenAsync(app, bela);
        await using var third = await SocketClient.OpenAsync(app, cora);
        await first.WatchAsync(bela, cora);
        await second.WatchAsync(ana);
        await UntilAsync(first, bela, "online");
        await UntilAsync(second, ana, "online");

        await (how switch
        {
            "leaves" => bela.Client.Chats.LeaveAsync(chat),
            "is removed" => ana.Client.Chats.RemoveMemberAsync(chat, bela.Id),
            _ => ana.Client.Chats.DeleteAsync(chat),
        });

        Assert.Null((await UntilAsync(first, bela, "offline"))["last_seen"]);
        Assert.Null((await UntilAsync(second, ana, "offline"))["last_seen"]);
        await second.SetPresenceAsync("dnd");
        await third.SetPresenceAsync("busy");
        await first.HearsNothingButAsync(cora, "busy", bela);
    }

    [Fact]
    public async Task Who_leaves_one_of_two_shared_chats_stays_in_view()
    {
        var (ana, bela, cora) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"), await app.SignUpAsync("cora"));
        var chat = await app.GroupAsync(ana, bela);
        await app.GroupAsync(bela, ana, cora);
        await using var watcher = await SocketClient.OpenAsync(app, ana);
        await using var socket = await SocketClient.OpenAsync(app, bela);
        await watcher.WatchAsync(bela);
        await UntilAsync(watcher, bela, "online");

        await bela.Client.Chats.LeaveAsync(chat);
        await watcher.NextAsync("member.left");
        await socket.SetPresenceAsync("dnd");

        await watcher.HearsAsync(bela, "dnd");
    }

    [Fact]
    public async Task A_setting_takes_presence_away_from_those_who_watch_and_gives_it_back()
    {
        var (ana, bela, friend) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"), await app.SignUpAsync("friend"));
        await app.GroupAsync(ana, bela, friend);
        await ana.Users.FollowAsync(friend.Id);
        await using var watcher = await SocketClient.OpenAsync(app, bela);
        await using var close = await SocketClient.OpenAsync(app, friend);
        await using var socket = await SocketClient.OpenAsync(app, ana);
        await watcher.WatchAsync(ana);
        await close.WatchAsync(ana);
        await watcher.HearsAsync(ana, "online");
        await close.HearsAsync(ana, "online");

        await SetAudienceAsync(ana, Audiences.Contacts);
        Assert.Null((await watcher.HearsAsync(ana, "offline"))["last_seen"]);
        await SetAudienceAsync(ana, Audiences.Nobody);
        Assert.Null((await close.HearsAsync(ana, "offline"))["last_seen"]);
        await SetAudienceAsync(ana, Audiences.Everyone);

        await watcher.HearsAsync(ana, "online");
        await close.HearsAsync(ana, "online");
    }

    [Fact]
    public async Task Who_hides_sees_nobody()
    {
        var (ana, bela) = await PairAsync();
        await using var watcher = await SocketClient.OpenAsync(app, ana);
        await using var socket = await SocketClient.OpenAsync(app, bela);
        await watcher.WatchAsync(bela);
        await watcher.HearsAsync(bela, "online");

        await SetAudienceAsync(ana, Audiences.Nobody);

        Assert.Null((await watcher.HearsAsync(bela, "offline"))["last_seen"]);
        var seen = await ana.Users.GetAsync(bela.Id);
        Assert.Equal((Presences.Offline, null), (seen.Presence, seen.LastSeen));
    }

    [Fact]
    public async Task A_new_list_takes_the_place_of_the_old_one_and_a_list_has_an_end()
    {
        var (ana, bela, cora) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"), await app.SignUpAsync("cora"));
        await app.GroupAsync(ana, bela, cora);
        await using var watcher = await SocketClient.OpenAsync(app, ana);
        await watcher.WatchAsync(bela);
        await watcher.HearsAsync(bela, "offline");

        await watcher.WatchAsync(cora);
        await watcher.HearsAsync(cora, "offline");
        await using var bob = await SocketClient.OpenAsync(app, bela);
        await using var third = await SocketClient.OpenAsync(app, cora);
        await watcher.HearsNothingButAsync(cora, "online", bela);

        var many = string.Join(',', Enumerable.Repeat($"\"{bela.Id}\"", 501));
        await watcher.SendAsync($$"""{"type":"presence.watch","id":1,"user_ids":[{{many}}]}""");
        Assert.Equal(ErrorCodes.ValidationFailed, (string?)(await watcher.NextAsync("error"))["code"]);
        await watcher.SendAsync("""{"type":"presence.watch","id":2}""");
        Assert.Equal(ErrorCodes.ValidationFailed, (string?)(await watcher.NextAsync("error"))["code"]);
        await watcher.SendAsync("""{"type":"presence.set","id":3,"status":"dancing"}""");
        Assert.Equal(ErrorCodes.ValidationFailed, (string?)(await watcher.NextAsync("error"))["code"]);
    }

    [Fact]
    public async Task A_long_poll_is_a_way_of_being_here()
    {
        var (ana, bela) = await PairAsync();
        await using var watcher = await SocketClient.OpenAsync(app, ana);
        await watcher.WatchAsync(bela);
        await watcher.HearsAsync(bela, "offline");
        var past = await bela.Client.Realtime.PollAsync(new UpdatesRequest { Wait = 0 });

        Assert.NotEmpty(past.Events);
        await watcher.HearsAsync(bela, "online");
    }

    [Fact]
    public async Task A_live_client_goes_on_watching_and_being_as_it_said()
    {
        var (ana, bela) = await PairAsync();
        await using var live = await ana.LiveAsync();
        await using var other = await bela.LiveAsync();
        await using var events = live.EventsAsync().GetAsyncEnumerator(TestContext.Current.CancellationToken);
        live.WatchPresence([bela.Id]);
        Assert.Equal((bela.Id, "online"), await NextAsync(events));

        other.SetPresence(Presences.Busy);

        Assert.Equal((bela.Id, "busy"), await NextAsync(events));
    }

    private static async Task<(UserId, string)> NextAsync(IAsyncEnumerator<LiveEvent> events)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current is PresenceChanged presence)
                return (presence.User, presence.Status);
        }

        throw new InvalidOperationException("The events ended.");
    }

    private static Task<UserSettings> SetAudienceAsync(Person person, string audience) =>
        person.Users.UpdateSettingsAsync(new UserSettings { Privacy = new PrivacySettings { LastSeen = audience } });

    // Other words may come before it: how somebody was when the watch began.
    private static Task<JsonObject> UntilAsync(SocketClient socket, Person person, string status) => socket.NextAsync(
        one => one.Is("presence") && (string?)one["user_id"] == person.Id.ToString() && (string?)one["status"] == status, $"{person.Username} {status}");

    private async Task<(Person, Person)> PairAsync()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        await ana.DirectAsync(bela);
        return (ana, bela);
    }
}
