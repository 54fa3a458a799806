using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Messages;

namespace Hypersend.EngineSpecs.Messages;

/// <summary>IMessageStore.AppendAsync: numbers without gaps, once for each client id, a refusal harms nobody else.</summary>
public abstract class AppendSpec(Engine engine) : ConversationSpec(engine)
{
    [Fact]
    public async Task Numbers_follow_the_order_of_the_batch_in_each_chat()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var (one, two) = (await GroupAsync(ana, ben), await GroupAsync(ben, ana));
        NewMessage[] batch = [.. Enumerable.Range(1, 20).Select(i => new NewMessage
        {
            Sender = i % 2 == 0 ? ana.Id : ben.Id,
            Chat = i % 3 == 0 ? two : one,
            Content = Text(i),
        })];
        var appended = await AppendAsync(batch);
        foreach (var chat in new[] { one, two })
        {
            var rows = batch.Zip(appended.Outcomes).Where(pair => pair.First.Chat == chat).Select(pair => Answer(pair.Second).Row).ToList();
            Assert.Equal(Enumerable.Range(1, rows.Count).Select(i => (long)i), rows.Select(row => MessageKey.SeqOf(row.Key)));
            Assert.Equal(Enumerable.Range(2, rows.Count).Select(i => (long)i), rows.Select(row => MessageKey.SeqOf(row.RevKey)));
            await AssertWholeAsync(chat);
        }

        Assert.Equal(20, appended.Changes.Sum(change => change.Steps.Count));
    }

    [Fact]
    public async Task Many_at_once_get_every_number_once()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => JoinAsync("p")));
        var chat = await GroupAsync(people);
        await Race.RunAsync(16, i => AppendAsync([.. Enumerable.Range(0, 5).Select(n => new NewMessage { Sender = people[i % 4].Id, Chat = chat, Content = Text(n) })]));
        var page = Answer(await Messages.PageAsync(people[0].Id, chat, new PageWish(null, null, null, 200, null), Cancellation));
        Assert.Equal(Enumerable.Range(1, 80).Select(i => (long)i), page.Items.Select(seen => MessageKey.SeqOf(seen.Row.Key)));
        Assert.Equal(81, page.Rev);
        await AssertWholeAsync(chat);
    }

    [Fact]
    public async Task A_client_id_brings_one_message_however_often_and_however_together_it_is_sent()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var (chat, other) = (await GroupAsync(ana, ben), await GroupAsync(ana, ben));
        var first = new NewMessage { Sender = ana.Id, Chat = chat, Content = "one", ClientId = "c-1" };
        var batch = await AppendAsync(first, first with { Content = "two" }, first with { Sender = ben.Id }, first with { Chat = other });
        var rows = batch.Outcomes.Select(outcome => Answer(outcome)).ToList();
        Assert.Equal([false, true, false, false], rows.Select(row => row.Repeated));
        Assert.Equal((rows[0].Row.Key, "one"), (rows[1].Row.Key, rows[1].Row.Content));

        var again = Answer((await AppendAsync(first with { Content = "three" })).Outcomes[0]);
        Assert.True(again.Repeated);
        Assert.Equal((rows[0].Row.Key, "one"), (again.Row.Key, again.Row.Content));
        await Race.RunAsync(8, _ => AppendAsync(first with { ClientId = "c-2" }));
        await AssertWholeAsync(chat);
        Assert.Equal(3, Answer(await Messages.PageAsync(ana.Id, chat, new PageWish(null, null, null, 200, null), Cancellation)).Items.Count);
    }

    [Fact]
    public async Task A_refusal_in_the_middle_takes_no_number_and_harms_nobody()
    {
        var (ana, eve) = (await JoinAsync("ana"), await JoinAsync("eve"));
        var chat = await GroupAsync(ana);
        var good = new NewMessage { Sender = ana.Id, Chat = chat, Content = "good" };
        var batch = await AppendAsync(
            good,
            good with { Sender = eve.Id },
            good with { Chat = new ChatId(Guid.CreateVersion7(Now)) },
            good with { ReplyTo = new MessageId(chat, 99) },
            good with { Thread = new MessageId(chat, 99) },
            good with { ForwardOf = new MessageId(chat, 99) },
            good);
        Refused(ErrorCodes.NotFound, batch.Outcomes[1]);
        Refused(ErrorCodes.NotFound, batch.Outcomes[2]);
        Refused(ErrorCodes.UnknownReference, batch.Outcomes[3]);
        Refused(ErrorCodes.UnknownReference, batch.Outcomes[4]);
        Refused(ErrorCodes.UnknownReference, batch.Outcomes[5]);
        Assert.Equal((1, 2), (MessageKey.SeqOf(Answer(batch.Outcomes[0]).Row.Key), MessageKey.SeqOf(Answer(batch.Outcomes[6]).Row.Key)));
        await AssertWholeAsync(chat);
    }

    [Fact]
    public async Task Text_comes_back_byte_for_byte()
    {
        var ana = await JoinAsync("ana");
        var chat = await GroupAsync(ana);
        var content = "  Grüße \u202E🎈\r\n\t" + string.Concat(Enumerable.Repeat("漢字👩‍👩‍👧", 1400)) + "'\"\\;--\uFFFE ";
        var row = await SendAsync(ana, chat, content);
        Assert.Equal(content, Answer(await Messages.FindAsync(ana.Id, IdOf(chat, row), Cancellation)).Row.Content);
    }

    [Fact]
    public async Task Whoever_may_only_read_cannot_send()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ana, ben);
        await ExecuteAsync("UPDATE chats SET members_may = 16 WHERE id = @chat", new { chat });
        var batch = await AppendAsync(
            new NewMessage { Sender = ben.Id, Chat = chat, Content = "may I?" }, new NewMessage { Sender = ana.Id, Chat = chat, Content = "I may" });
        Refused(ErrorCodes.Forbidden, batch.Outcomes[0]);
        Assert.Equal("I may", Answer(batch.Outcomes[1]).Row.Content);
    }

    [Fact]
    public async Task A_blocked_person_cannot_write_into_a_direct_chat()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await ChatAsync(ChatTypes.Direct, ana, ben);
        Assert.True(await Users.BlockAsync(ana.Id, ben.Id, Now, Cancellation));
        var batch = await AppendAsync(
            new NewMessage { Sender = ben.Id, Chat = chat, Content = "hi" }, new NewMessage { Sender = ana.Id, Chat = chat, Content = "no" });
        Refused(ErrorCodes.Blocked, batch.Outcomes[0]);
        Assert.Equal("no", Answer(batch.Outcomes[1]).Row.Content);
    }

    [Fact]
    public async Task A_thread_counts_its_answers_and_an_answer_to_an_answer_is_in_the_same_thread()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ana, ben);
        var root = await SendAsync(ana, chat, "root");
        var first = await SendAsync(ben, chat, "first", message => message with { Thread = IdOf(chat, root) });
        var batch = await AppendAsync(
            new NewMessage { Sender = ana.Id, Chat = chat, Content = "second", Thread = IdOf(chat, first) },
            new NewMessage { Sender = ben.Id, Chat = chat, Content = "third", Thread = IdOf(chat, root), ReplyTo = IdOf(chat, first) });
        Assert.All(batch.Outcomes, outcome => Assert.Equal(root.Key, Answer(outcome).Row.ThreadKey));
        Assert.Equal(first.Key, Answer(batch.Outcomes[1]).Row.ReplyKey);
        var change = Assert.Single(batch.Changes);
        Assert.Equal([5L, 6L, 7L], change.Steps.Select(step => step.Rev));
        var seen = Answer(await Messages.FindAsync(ana.Id, IdOf(chat, root), Cancellation));
        Assert.Equal((3, 7), (seen.Row.ThreadCount, MessageKey.SeqOf(seen.Row.RevKey)));
        var page = Answer(await Messages.PageAsync(ana.Id, chat, new PageWish(null, null, null, 50, IdOf(chat, root)), Cancellation));
        Assert.Equal(["first", "second", "third"], page.Items.Select(item => item.Row.Content));
    }

    [Fact]
    public async Task What_is_forwarded_keeps_its_words_and_its_first_author()
    {
        var (ana, ben, eve) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"));
        var (from, to, third) = (await GroupAsync(ana, ben), await GroupAsync(ben, eve), await GroupAsync(eve));
        var original = await SendAsync(ana, from, "words");
        var forwarded = await SendAsync(ben, to, "", message => message with { ForwardOf = IdOf(from, original) });
        Assert.Equal(("words", IdOf(from, original).ToString(), ana.Id), (forwarded.Content, forwarded.ForwardedFrom, forwarded.ForwardedSender));
        var again = await SendAsync(eve, third, "", message => message with { ForwardOf = IdOf(to, forwarded) });
        Assert.Equal((ana.Id, "ana", IdOf(from, original).ToString()), (again.ForwardedSender, again.ForwardedName, again.ForwardedFrom));
        var brief = await SendAsync(ana, from, "brief", message => message with { ExpiresInSeconds = 60 });
        Assert.Equal(brief.ExpiresAt, (await SendAsync(ben, to, "", message => message with { ForwardOf = IdOf(from, brief), ExpiresInSeconds = 3600 })).ExpiresAt);
        var refused = await AppendAsync(new NewMessage { Sender = eve.Id, Chat = third, Content = "", ForwardOf = IdOf(from, original) });
        Refused(ErrorCodes.UnknownReference, refused.Outcomes[0]);
    }

    [Fact]
    public async Task Mentions_reach_members_and_only_the_staff_call_all()
    {
        var (ana, ben, eve) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"));
        var chat = await GroupAsync(ana, ben);
        var row = await SendAsync(ana, chat, $"@{ben.Username}, @{eve.Username} and mail@{ben.Username}: look");
        Assert.Equal([ben.Id], MessageView.Neutral(row, chat, Now).Mentions);
        Assert.Equal((1, 1), await WaitingAsync(ben, chat));
        Assert.False(MessageView.Neutral(await SendAsync(ben, chat, "@all listen"), chat, Now).MentionsAll);
        Assert.True(MessageView.Neutral(await SendAsync(ana, chat, "@all listen"), chat, Now).MentionsAll);
        Assert.Equal((2, 2), await WaitingAsync(ben, chat));
        Assert.Equal((1, 0), await WaitingAsync(ana, chat));
    }
}

public sealed class AppendOnSqlite(SqliteEngine engine) : AppendSpec(engine), IClassFixture<SqliteEngine>;

public sealed class AppendOnPostgres(PostgresEngine engine) : AppendSpec(engine), IClassFixture<PostgresEngine>;
