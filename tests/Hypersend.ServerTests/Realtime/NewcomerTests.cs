using Hypersend.Contracts.Chats;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Realtime;

/// <summary>Where a chat shows newcomers nothing from before their time, no way leads to it.</summary>
public sealed class NewcomerTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_old_message_that_changes_is_not_shown_to_a_newcomer(bool listensAlready)
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana);
        await ana.Chats.UpdateAsync(chat, new UpdateChatRequest { Permissions = new ChatPermissions { History = false } });
        var old = await ana.SendAsync(chat, "secret");
        var socket = listensAlready ? await SocketClient.OpenAsync(app, ben) : null;
        await ana.Chats.AddMembersAsync(chat, [ben.Id]);
        socket ??= await SocketClient.OpenAsync(app, ben);
        await using (socket)
        {
            await socket.HelloAsync();
            await ana.Messages.EditAsync(old.Id, "secret, still");
            await ana.Messages.ReactAsync(old.Id, "👍");
            var answer = await ana.SendAsync(chat, "not secret");
            var heard = await socket.UntilAsync(one => one.Is("message"));
            Assert.Equal(answer.Id.ToString(), (string?)heard[^1]["message"]!["id"]);
            Assert.DoesNotContain(heard, one => one.ToJsonString().Contains("secret,", StringComparison.Ordinal));

            // Their revs pass all the same, or the newcomer would ask what is missing.
            var revs = heard.Where(one => (string?)one["chat_id"] == chat.ToString() && one["rev"] is not null).Select(one => (long)one["rev"]!).ToList();
            Assert.Equal([answer.Rev - 2, answer.Rev - 1, answer.Rev], revs);
        }
    }
}
