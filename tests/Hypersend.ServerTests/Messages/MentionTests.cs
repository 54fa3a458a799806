using Hypersend.Contracts.Chats;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Messages;

public sealed class MentionTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_name_calls_a_member_whatever_its_case_and_a_stranger_never()
    {
        var (ana, ben, eve) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"), await app.SignUpAsync("eve"));
        var chat = await app.GroupAsync(ana, ben);
        await ben.ReadAsync(chat);

        var message = await ana.SendAsync(chat, $"Hi @{ben.Username.ToUpperInvariant()}, and @{eve.Username}. Not mail@{ben.Username} or @{ben.Username}x");

        Assert.Equal([ben.Id], message.Mentions);
        Assert.False(message.MentionsAll);
        Assert.Equal((1, 1), await ben.WaitingAsync(chat));
    }

    [Fact]
    public async Task Calling_oneself_counts_for_nothing()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        await ben.SendAsync(chat, "between");
        await ana.SendAsync(chat, $"@{ana.Username} remember");
        Assert.Equal((1, 0), await ana.WaitingAsync(chat));
    }

    [Fact]
    public async Task Everybody_is_called_by_owners_and_admins_only()
    {
        var (ana, ben, cat) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"), await app.SignUpAsync("cat"));
        var chat = await app.GroupAsync(ana, ben, cat);
        await Task.WhenAll(ben.ReadAsync(chat), cat.ReadAsync(chat));

        Assert.False((await ben.SendAsync(chat, "@all from a member")).MentionsAll);
        Assert.Equal((1, 0), await cat.WaitingAsync(chat));
        var called = await ana.SendAsync(chat, $"@all and @{cat.Username}");
        Assert.True(called.MentionsAll);
        Assert.Equal([cat.Id], called.Mentions);
        Assert.Equal((1, 1), await ben.WaitingAsync(chat));
        Assert.Equal((2, 1), await cat.WaitingAsync(chat));
        await ana.Chats.ChangeRoleAsync(chat, cat.Id, ChatRoles.Admin);
        Assert.True((await cat.SendAsync(chat, "@all from an admin")).MentionsAll);
        Assert.Equal((2, 2), await ben.WaitingAsync(chat));
    }

    [Fact]
    public async Task An_edit_calls_and_uncalls()
    {
        var (ana, ben, cat) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"), await app.SignUpAsync("cat"));
        var chat = await app.GroupAsync(ana, ben, cat);
        var message = await ana.SendAsync(chat, $"@{ben.Username}");

        var edited = await ana.Messages.EditAsync(message.Id, $"@{cat.Username}");

        Assert.Equal([cat.Id], edited.Mentions);
        Assert.Equal((1, 0), await ben.WaitingAsync(chat));
        Assert.Equal((1, 1), await cat.WaitingAsync(chat));
    }

    [Fact]
    public async Task Reading_takes_the_mentions_that_were_read_and_no_others()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var first = await ana.SendAsync(chat, $"@{ben.Username} one");
        await ana.SendAsync(chat, $"@{ben.Username} two");
        await ana.SendAsync(chat, "@all three");

        var mark = await ben.Chats.MarkReadAsync(chat, first.Seq);

        Assert.Equal((first.Seq, 2, 2), (mark.ReadSeq, mark.Unread, mark.Mentions));
        Assert.Equal((0, 0), (await ben.Chats.MarkReadAsync(chat, first.Seq + 2) is var end ? (end.Unread, end.Mentions) : default));
    }
}
