using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Messages;

/// <summary>Messages that change: edited, with their history, and deleted.</summary>
public sealed class EditTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task An_edited_message_keeps_its_place_and_tells_what_it_said_before()
    {
        var clock = new ManualClock();
        await using var own = await App.StartAsync(clock);
        var (ana, ben) = (await own.SignUpAsync("ana"), await own.SignUpAsync("ben"));
        var chat = await ana.DirectAsync(ben);
        var message = await ana.SendAsync(chat, "frist");
        Assert.Equal(["frist"], (await ben.Messages.GetHistoryAsync(message.Id)).Items.Select(version => version.Content));

        clock.Advance(TimeSpan.FromSeconds(10));
        await ana.Messages.EditAsync(message.Id, "first");
        clock.Advance(TimeSpan.FromSeconds(10));
        var edited = await ana.Messages.EditAsync(message.Id, "First!");

        Assert.Equal((message.Seq, "First!", message.CreatedAt.AddSeconds(20), message.CreatedAt), (edited.Seq, edited.Content, edited.EditedAt, edited.CreatedAt));
        Assert.Equal(message.Rev + 2, edited.Rev);
        var history = (await ben.Messages.GetHistoryAsync(message.Id)).Items;
        Assert.Equal(["frist", "first", "First!"], history.Select(version => version.Content));
        Assert.Equal([0, 10, 20], history.Select(version => (version.At - message.CreatedAt).TotalSeconds));
    }

    [Fact]
    public async Task Saying_the_same_again_changes_nothing()
    {
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        var message = await ana.SendAsync(chat, "the same");
        var edited = await ana.Messages.EditAsync(message.Id, "the same");
        Assert.Equal((message.Rev, (DateTimeOffset?)null), (edited.Rev, edited.EditedAt));
    }

    [Fact]
    public async Task Only_the_author_edits_and_the_author_and_the_staff_delete()
    {
        var (ana, ben, cat) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"), await app.SignUpAsync("cat"));
        var chat = await app.GroupAsync(ana, ben, cat);
        var message = await ben.SendAsync(chat, "of ben");

        await ana.Messages.EditAsync(message.Id, "of ana").RefusedAsync(403, ErrorCodes.Forbidden);
        await cat.Messages.DeleteAsync(message.Id).RefusedAsync(403, ErrorCodes.Forbidden);
        await ana.Chats.ChangeRoleAsync(chat, cat.Id, ChatRoles.Admin);
        await cat.Messages.DeleteAsync(message.Id);

        Assert.NotNull((await ben.Messages.GetAsync(message.Id)).DeletedAt);
        var direct = await ana.DirectAsync(ben);
        var told = await ana.SendAsync(direct, "between us");
        await ben.Messages.DeleteAsync(told.Id).RefusedAsync(403, ErrorCodes.Forbidden);
    }

    [Fact]
    public async Task A_deleted_message_leaves_a_tombstone_that_says_nothing_any_more()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var message = await ana.SendAsync(chat, "@" + ben.Username + " secret");
        await ana.Messages.EditAsync(message.Id, "@" + ben.Username + " another secret");
        await ben.Messages.ReactAsync(message.Id, "👍");
        await ben.Messages.BookmarkAsync(message.Id);
        await ana.Messages.PinAsync(message.Id);

        await ana.Messages.DeleteAsync(message.Id);
        await ana.Messages.DeleteAsync(message.Id);

        var gone = await ben.Messages.GetAsync(message.Id);
        Assert.Equal((null, false, message.Seq, ana.Id), (gone.Content, gone.Pinned, gone.Seq, gone.Sender.Id));
        Assert.NotNull(gone.DeletedAt);
        Assert.Empty(gone.Reactions);
        Assert.Empty(gone.Mentions);
        Assert.Empty((await ben.Messages.ListPinsAsync(chat)).Items);
        Assert.Empty((await ben.Messages.ListBookmarksAsync()).Items);
        Assert.Equal(gone.Rev, (await ana.Chats.GetAsync(chat)).Rev);
        await ana.Messages.GetHistoryAsync(message.Id).RefusedAsync(409, ErrorCodes.MessageDeleted);
        await ana.Messages.EditAsync(message.Id, "back").RefusedAsync(409, ErrorCodes.MessageDeleted);
        await ben.Messages.ReactAsync(message.Id, "👍").RefusedAsync(409, ErrorCodes.MessageDeleted);
        await ana.Messages.PinAsync(message.Id).RefusedAsync(409, ErrorCodes.MessageDeleted);
        await ben.Messages.BookmarkAsync(message.Id).RefusedAsync(409, ErrorCodes.MessageDeleted);
        using var page = await ben.SendAsync(HttpMethod.Get, $"/api/v1/messages/{chat}");
        Assert.DoesNotContain("secret", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_message_takes_its_badge_with_it()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        await ben.ReadAsync(chat);
        var messages = new[] { await ana.SendAsync(chat, "one"), await ana.SendAsync(chat, "@" + ben.Username), await ana.SendAsync(chat, "three") };
        Assert.Equal((3, 1), await ben.WaitingAsync(chat));

        await ana.Messages.DeleteAsync(messages[1].Id);
        Assert.Equal((2, 0), await ben.WaitingAsync(chat));
        await ana.Messages.DeleteAsync(messages[0].Id);
        await ana.Messages.DeleteAsync(messages[2].Id);
        Assert.Equal((0, 0), await ben.WaitingAsync(chat));

        await ana.SendAsync(chat, "four");
        var mark = await ben.Chats.MarkReadAsync(chat, messages[2].Seq);
        Assert.Equal((messages[2].Seq, 1, 0), (mark.ReadSeq, mark.Unread, mark.Mentions));
        await ben.ReadAsync(chat);
        await ana.Messages.DeleteAsync((await ana.SendAsync(chat, "five")).Id);
        Assert.Equal((0, 0), await ben.WaitingAsync(chat));
    }

    [Fact]
    public async Task What_was_read_already_takes_nothing_with_it_when_it_is_deleted()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana, ben);
        var read = await ana.SendAsync(chat, "@" + ben.Username + " read");
        await ben.ReadAsync(chat);
        await ana.SendAsync(chat, "@" + ben.Username + " unread");
        await ana.Messages.DeleteAsync(read.Id);
        Assert.Equal((1, 1), await ben.WaitingAsync(chat));
    }
}
