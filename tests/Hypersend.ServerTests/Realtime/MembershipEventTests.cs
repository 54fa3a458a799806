using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Realtime;

/// <summary>Who comes and goes, and what their devices and the others hear of it.</summary>
public sealed class MembershipEventTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_new_chat_appears_on_open_sockets_and_they_are_in_it_from_then_on()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        await using var speaker = await SocketClient.OpenAsync(app, ana);
        await using var listener = await SocketClient.OpenAsync(app, bela);
        var chat = await ana.CreateChatAsync("group", "Trip", bela);

        var created = await listener.NextAsync("chat.created");
        Assert.Equal((chat.Id.ToString(), "Trip", "member"), ((string?)created["chat_id"], (string?)created["chat"]!["name"], (string?)created["chat"]!["my_role"]));
        Assert.Equal("owner", (string?)(await speaker.NextAsync("chat.created"))["chat"]!["my_role"]);
        await speaker.SayAsync(chat.Id, "welcome");
        Assert.Equal((long)created["rev"]! + 1, (long)(await listener.NextAsync("message"))["rev"]!);
    }

    [Fact]
    public async Task Who_is_added_and_removed_hears_so_and_the_others_hear_who()
    {
        var (ana, bela, carl) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"), await app.SignUpAsync("carl"));
        var chat = (await ana.CreateChatAsync("group", "Trip", carl)).Id;
        await using var watcher = await SocketClient.OpenAsync(app, carl);
        await using var newcomer = await SocketClient.OpenAsync(app, bela);

        await ana.AddAsync(chat, bela).AnsweredAsync(200);
        Assert.Equal(chat.ToString(), (string?)(await newcomer.NextAsync("chat.created"))["chat_id"]);
        var joined = await watcher.NextAsync("member.joined");
        Assert.Equal((bela.Id.ToString(), "member", 3), ((string?)joined["user_id"], (string?)joined["role"], (int)joined["member_count"]!));

        await ana.GiveRoleAsync(chat, bela, "admin").AnsweredAsync(200);
        Assert.Equal("admin", (string?)(await watcher.NextAsync("member.updated"))["role"]);

        await ana.DeleteAsync(chat.Path($"/members/{bela.Id}")).AnsweredAsync(204);
        Assert.Equal(bela.Id.ToString(), (string?)(await watcher.NextAsync("member.left"))["user_id"]);
        await newcomer.NextAsync("chat.removed");
        await using var speaker = await SocketClient.OpenAsync(app, ana);
        await speaker.SayAsync(chat, "among ourselves");
        await watcher.NextAsync(one => one.Is("message") && (string?)one["message"]!["content"] == "among ourselves");
        Assert.DoesNotContain(await newcomer.DrainAsync(), one => one.ContainsKey("rev"));
    }

    [Fact]
    public async Task Who_is_removed_hears_not_one_event_more_however_busy_the_chat_is()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var chat = (await ana.CreateChatAsync("group", "Busy", bela)).Id;
        await using var speaker = await SocketClient.OpenAsync(app, ana);
        await using var listener = await SocketClient.OpenAsync(app, bela);
        var speaking = Task.Run(async () =>
        {
            for (var i = 0; i < 400; i++)
                await speaker.SendAsync($$"""{"type":"message.send","id":{{i}},"chat_id":"{{chat}}","content":"{{i}}"}""");
        });
        await listener.NextAsync("message");
        await ana.DeleteAsync(chat.Path($"/members/{bela.Id}")).AnsweredAsync(204);
        var removed = await listener.NextAsync("chat.removed");
        await speaking;
        await speaker.NextAsync(one => one.Is("ack") && (int)one["id"]! == 399);
        Assert.DoesNotContain(await listener.DrainAsync(), one => (string?)one["chat_id"] == chat.ToString());
        Assert.True((long)removed["rev"]! > 0);
    }

    [Fact]
    public async Task A_socket_for_one_chat_ends_with_the_membership()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var chat = (await ana.CreateChatAsync("group", "Trip", bela)).Id;
        await using var socket = await SocketClient.ConnectAsync(app, $"/ws/chat/{chat}?token={bela.AccessToken}");
        await socket.NextAsync("welcome");
        await bela.PostAsync(chat.Path("/leave")).AnsweredAsync(204);
        await socket.NextAsync("chat.removed");
        Assert.Equal(CloseCodes.Gone, (await socket.Closed).Code);
    }

    [Fact]
    public async Task Coming_into_a_room_is_told_to_nobody_but_my_devices()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var room = (await ana.CreateChatAsync("room", "Harbour")).Id;
        await using var owner = await SocketClient.OpenAsync(app, ana);
        await using var visitor = await SocketClient.OpenAsync(app, bela);
        await bela.PostAsync(room.Path("/join")).AnsweredAsync(200);
        await visitor.NextAsync("chat.created");
        await owner.SayAsync(room, "who is there?");
        await visitor.NextAsync("message");
        Assert.DoesNotContain(await owner.DrainAsync(), one => one.Is("member.joined"));
    }

    [Fact]
    public async Task A_new_name_and_new_settings_reach_whom_they_concern()
    {
        var (ana, bela, stranger) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"), await app.SignUpAsync("stranger"));
        var one = (await ana.CreateChatAsync("group", "One", bela)).Id;
        await ana.CreateChatAsync("group", "Two", bela);
        await using var device = await SocketClient.OpenAsync(app, ana);
        await using var friend = await SocketClient.OpenAsync(app, bela);
        await using var other = await SocketClient.OpenAsync(app, stranger);

        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Name = "Ana the Great" });
        Assert.Equal("Ana the Great", (string?)(await friend.NextAsync("user.updated"))["user"]!["name"]);
        Assert.DoesNotContain(await friend.DrainAsync(), frame => frame.Is("user.updated"));

        await ana.PutAsync(one.Path("/settings"), """{"pinned":true,"draft":"half a"}""").AnsweredAsync(200);
        var settings = await device.NextAsync("chat.settings");
        Assert.Equal((true, "half a"), ((bool)settings["pinned"]!, (string?)settings["draft"]));
        Assert.DoesNotContain(await friend.DrainAsync(), frame => frame.Is("chat.settings"));
        Assert.Empty(await other.DrainAsync());
    }

    [Fact]
    public async Task A_renamed_chat_is_heard_by_all()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var chat = (await ana.CreateChatAsync("group", "Trip", bela)).Id;
        await using var listener = await SocketClient.OpenAsync(app, bela);
        await ana.PutAsync(chat.Path(), """{"name":"Journey"}""").AnsweredAsync(200);
        var updated = await listener.NextAsync("chat.updated");
        Assert.Equal("Journey", (string?)updated["chat"]!["name"]);
        Assert.False(updated["chat"]!.AsObject().ContainsKey("my_role"));
    }
}
