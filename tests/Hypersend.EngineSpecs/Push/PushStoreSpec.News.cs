using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Push;

namespace Hypersend.EngineSpecs.Push;

/// <content>What is new, whom it concerns, and what is over.</content>
public abstract partial class PushStoreSpec
{
    [Fact]
    public async Task News_are_the_messages_of_a_stretch_newest_first_with_whom_they_answer_and_who_blocks_whom()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var chat = await GroupAsync(ana, bob);
        var no = await NumberOfAsync(chat);
        var asked = await SendAsync(bob, chat, "a question");
        await SendAsync(ana, chat, "an answer", message => message with { ReplyTo = IdOf(chat, asked) });
        var gone = await SendAsync(ana, chat, "a slip");
        await SendAsync(ana, chat, $"@{bob.Username} look");
        Answer(await Messages.DeleteAsync(ana.Id, IdOf(chat, gone), Now, Cancellation));
        await Users.BlockAsync(bob.Id, ana.Id, Now, Cancellation);

        var news = (await Store.NewsAsync(no, 1, 4, Now, Cancellation))!;

        Assert.Equal((chat, ChatTypes.Group, "A chat", 2, 4L), (news.Chat, news.Type, news.Name, news.MemberCount, news.To));
        Assert.Equal([4L, 2L], news.Messages.Select(message => message.Seq));
        Assert.Equal([bob.Id], news.Messages[0].Mentions);
        Assert.Equal(bob.Id, Assert.Single(news.Answered).Value);
        Assert.Contains((bob.Id, ana.Id), news.Blocks);
        Assert.Empty((await Store.NewsAsync(no, 4, 4, Now, Cancellation))!.Messages);
        await ExecuteAsync("UPDATE chats SET deleted_at = @Now WHERE id = @chat", new { Now, chat });
        Assert.Null(await Store.NewsAsync(no, 0, 4, Now, Cancellation));
    }

    [Fact]
    public async Task It_concerns_the_devices_of_members_who_have_not_read_so_far_step_by_step()
    {
        var (ana, bob, cyd, dan) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("cyd"), await JoinAsync("dan"));
        var chat = await GroupAsync(ana, bob, cyd, dan);
        var no = await NumberOfAsync(chat);
        await SendAsync(ana, chat, "one");
        await SendAsync(ana, chat, "two");
        var second = await SignInAsync(bob);
        foreach (var (person, session) in new[] { (bob, bob.Session), (bob, second), (cyd, cyd.Session), (dan, dan.Session) })
            await AddAsync(person, session);
        await ReadToAsync(cyd, chat, 2);
        await ExecuteAsync("UPDATE chat_members SET left_at = @Now WHERE chat_no = @no AND user_id = @Id", new { Now, no, dan.Id });

        var wish = new RecipientWish(no, 2, null, null, 1);
        var first = Assert.Single(await Store.RecipientsAsync(wish, Now, Cancellation));
        var next = Assert.Single(await Store.RecipientsAsync(wish with { After = first }, Now, Cancellation));

        Assert.Empty(await Store.RecipientsAsync(wish with { After = next }, Now, Cancellation));
        Assert.Equal(new[] { bob.Session, second }.ToHashSet(), new[] { first.SessionId, next.SessionId }.ToHashSet());
        Assert.Equal((bob.Id, 0L, 2L, 0L), (first.UserId, first.ReadSeq, first.Unread, first.ShownSeq));
        Assert.Empty(await Store.RecipientsAsync(wish with { Only = [cyd.Id] }, Now, Cancellation));
        Assert.Equal(2, (await Store.RecipientsAsync(wish with { Only = [bob.Id, cyd.Id], Limit = 10 }, Now, Cancellation)).Count);
    }

    [Fact]
    public async Task A_device_that_was_told_knows_how_far_and_what_was_read_is_taken_from_it_once()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var chat = await GroupAsync(ana, bob);
        var no = await NumberOfAsync(chat);
        for (var i = 0; i < 3; i++)
            await SendAsync(ana, chat, Text(i));
        var rev = await RevOfAsync(no, 3);
        var device = await AddAsync(bob, bob.Session);

        Assert.False(await Store.ReachedAsync(device, no, 2, Now, Cancellation));
        Assert.False(await Store.ReachedAsync(device, no, 1, Now, Cancellation));
        Assert.Equal(2, Assert.Single(await Store.RecipientsAsync(new RecipientWish(no, 3, null, null, 10), Now, Cancellation)).ShownSeq);
        Assert.True(await Store.IsWantedAsync(device, no, 3, rev, Now, Cancellation));
        Assert.Empty(await Store.TakeReadAsync(bob.Id, chat, 1, Now, Cancellation));
        Assert.Empty(await Store.TakeReadAsync(ana.Id, chat, 3, Now, Cancellation));
        await ReadToAsync(bob, chat, 3);

        Assert.False(await Store.IsWantedAsync(device, no, 3, rev, Now, Cancellation));
        var shown = Assert.Single(await Store.TakeReadAsync(bob.Id, chat, 3, Now, Cancellation));
        Assert.Equal((device, bob.Id, chat, no, 2L), (shown.Id, shown.UserId, shown.ChatId, shown.ChatNo, shown.Seq));
        Assert.Empty(await Store.TakeReadAsync(bob.Id, chat, 3, Now, Cancellation));

        // The push service took it when it had been read: it has to be taken away again, and what is newer stays.
        Assert.True(await Store.ReachedAsync(device, no, 3, Now, Cancellation));
        Assert.True(await Store.MayClearAsync(device, no, 3, Now, Cancellation));
        Assert.False(await Store.MayClearAsync(device, no, 2, Now, Cancellation));
        Assert.Empty(await Store.TakeBackAsync(device, no, 2, Now, Cancellation));
        Assert.Equal(3, Assert.Single(await Store.TakeBackAsync(device, no, 3, Now, Cancellation)).Seq);
        Assert.True(await Store.MayClearAsync(device, no, 2, Now, Cancellation));
    }

    [Fact]
    public async Task A_message_that_was_edited_deleted_or_is_over_is_not_wanted_as_it_was()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var chat = await GroupAsync(ana, bob);
        var no = await NumberOfAsync(chat);
        var device = await AddAsync(bob, bob.Session);
        var edited = await SendAsync(ana, chat, "a tpyo");
        var gone = await SendAsync(ana, chat, "a slip");
        await SendAsync(ana, chat, "over", message => message with { ExpiresInSeconds = 60 });
        var revs = new[] { await RevOfAsync(no, 1), await RevOfAsync(no, 2), await RevOfAsync(no, 3) };
        for (var i = 0; i < 3; i++)
            Assert.True(await Store.IsWantedAsync(device, no, i + 1, revs[i], Now, Cancellation));

        Answer(await Messages.EditAsync(ana.Id, IdOf(chat, edited), "a typo", Now, Cancellation));
        Answer(await Messages.DeleteAsync(ana.Id, IdOf(chat, gone), Now, Cancellation));

        for (var i = 0; i < 3; i++)
            Assert.False(await Store.IsWantedAsync(device, no, i + 1, revs[i], Now.AddMinutes(1), Cancellation));
        Assert.True(await Store.IsWantedAsync(device, no, 1, await RevOfAsync(no, 1), Now, Cancellation));
        Assert.False(await Store.IsWantedAsync(device, no, 2, await RevOfAsync(no, 2), Now, Cancellation));
        Assert.False(await Store.ReachedAsync(device, no, 1, Now, Cancellation));
        Assert.True(await Store.ReachedAsync(device, no, 2, Now, Cancellation));
    }

    [Fact]
    public async Task A_message_that_is_gone_is_taken_from_the_devices_that_show_it_and_from_no_other()
    {
        var (ana, bob, cyd) = (await JoinAsync("ana"), await JoinAsync("bob"), await JoinAsync("cyd"));
        var chat = await GroupAsync(ana, bob, cyd);
        var no = await NumberOfAsync(chat);
        await SendAsync(ana, chat, "one");
        await SendAsync(ana, chat, "two");
        var (older, newer) = (await AddAsync(bob, bob.Session), await AddAsync(cyd, cyd.Session));
        await Store.ReachedAsync(older, no, 1, Now, Cancellation);
        await Store.ReachedAsync(newer, no, 2, Now, Cancellation);

        Assert.Equal(newer, Assert.Single(await Store.TakeGoneAsync(no, 2, Now, Cancellation)).Id);
        Assert.Empty(await Store.TakeGoneAsync(no, 2, Now, Cancellation));
        Assert.Equal(older, Assert.Single(await Store.TakeGoneAsync(no, 1, Now, Cancellation)).Id);
    }

    [Fact]
    public async Task The_number_on_the_icon_leaves_out_what_is_muted_archived_or_left()
    {
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var chats = new List<ChatId>();
        for (var i = 0; i < 4; i++)
        {
            chats.Add(await GroupAsync(ana, bob));
            for (var k = 0; k <= i; k++)
                await SendAsync(ana, chats[i], Text(k));
        }

        Assert.Equal(10, (await Store.BadgesAsync([ana.Id, bob.Id], Now, Cancellation))[bob.Id]);
        var numbers = await Task.WhenAll(chats.Select(NumberOfAsync));
        await ExecuteAsync("UPDATE chat_members SET muted_until = @until WHERE chat_no = @no AND user_id = @Id", new { until = Now.AddHours(1), no = numbers[0], bob.Id });
        await ExecuteAsync("UPDATE chat_members SET archived = @yes WHERE chat_no = @no AND user_id = @Id", new { yes = true, no = numbers[1], bob.Id });
        await ExecuteAsync("UPDATE chat_members SET left_at = @Now WHERE chat_no = @no AND user_id = @Id", new { Now, no = numbers[2], bob.Id });

        Assert.Equal(4, (await Store.BadgesAsync([bob.Id], Now, Cancellation))[bob.Id]);
        Assert.Equal(5, (await Store.BadgesAsync([bob.Id], Now.AddHours(1), Cancellation))[bob.Id]);
        Assert.False((await Store.BadgesAsync([ana.Id], Now, Cancellation)).ContainsKey(ana.Id));
    }

    private async Task<long> RevOfAsync(long no, long seq) =>
        MessageKey.SeqOf(await Database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT rev_key FROM messages WHERE key = @key", new { key = MessageKey.Of(no, seq) }), Cancellation));
}
