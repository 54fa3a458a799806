using Hypersend.Server.Realtime;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Realtime;

/// <summary>What the bus loses is late and never gone: the database is asked once a second.</summary>
public sealed class LostByTheBusTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_is_added_hears_of_it_and_of_what_follows(bool othersListenAlready)
    {
        await using var app = await StartAsync();
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana);
        await ana.SendAsync(chat, "before");
        await using var other = othersListenAlready ? await SocketClient.OpenAsync(app, ana) : null;
        await using var socket = await SocketClient.OpenAsync(app, ben);
        await socket.HelloAsync();

        await ana.Chats.AddMembersAsync(chat, [ben.Id]);
        var created = await socket.NextAsync(one => one.Is("chat.created") && (string?)one["chat_id"] == chat.ToString(), "the chat");
        Assert.Equal("member", (string?)created["chat"]!["my_role"]);
        var sent = await ana.SendAsync(chat, "after");
        var heard = await socket.UntilAsync(one => (long?)one["rev"] == sent.Rev && (string?)one["chat_id"] == chat.ToString());
        Assert.DoesNotContain(heard, one => one.Is("chat.created"));
        Assert.All(heard.Where(one => one["rev"] is not null), one => Assert.True((long)one["rev"]! > (long)created["rev"]!));
    }

    [Fact]
    public async Task Who_comes_into_a_room_or_is_written_to_hears_of_it_on_every_device()
    {
        await using var app = await StartAsync();
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var room = await ana.RoomAsync();
        await using var one = await SocketClient.OpenAsync(app, ben);
        await using var two = await SocketClient.OpenAsync(app, ben);
        await ben.Chats.JoinAsync(room);
        var direct = await ana.DirectAsync(ben);
        foreach (var socket in new[] { one, two })
        {
            var chats = new HashSet<string?>();
            while (chats.Count < 2)
                chats.Add((string?)(await socket.NextAsync("chat.created"))["chat_id"]);
            Assert.Equal(new HashSet<string?> { room.ToString(), direct.ToString() }, chats);
        }
    }

    [Fact]
    public async Task Who_was_removed_meanwhile_hears_nothing()
    {
        await using var app = await StartAsync();
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var (left, kept) = (await app.GroupAsync(ana), await app.GroupAsync(ana));
        await using var socket = await SocketClient.OpenAsync(app, ben);
        await ana.Chats.AddMembersAsync(left, [ben.Id]);
        await ana.Chats.RemoveMemberAsync(left, ben.Id);
        await ana.Chats.AddMembersAsync(kept, [ben.Id]);
        await ana.SendAsync(left, "not for ben");
        await ana.SendAsync(kept, "for ben");
        var heard = await socket.UntilAsync(one => one.Is("chat.created") && (string?)one["chat_id"] == kept.ToString());
        await ana.SendAsync(left, "nor this");
        var last = await ana.SendAsync(kept, "but this");
        heard = [.. heard, .. await socket.UntilAsync(one => (long?)one["rev"] == last.Rev && (string?)one["chat_id"] == kept.ToString())];
        Assert.DoesNotContain(heard, one => one.ToJsonString().Contains("not for ben", StringComparison.Ordinal) || one.ToJsonString().Contains("nor this", StringComparison.Ordinal));
    }

    private static Task<App> StartAsync() => App.StartWithAsync(services => services.AddSingleton<IBus>(new ForgetfulBus()));
}
