using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Messages;

namespace Hypersend.EngineSpecs.Messages;

/// <summary>Pages, versions, pins, bookmarks, and what waits for its time.</summary>
public abstract class HistorySpec(Engine engine) : ConversationSpec(engine)
{
    private SqlScheduledStore Scheduled => new(Database, TimeProvider.System);

    [Fact]
    public async Task Pages_meet_without_gap_or_overlap_in_every_direction()
    {
        var ana = await JoinAsync("ana");
        var (chat, neighbour) = (await GroupAsync(ana), await GroupAsync(ana));
        await AppendAsync([.. Enumerable.Range(1, 25).SelectMany(i => new[] { chat, neighbour }.Select(c => new NewMessage { Sender = ana.Id, Chat = c, Content = Text(i) }))]);

        async Task<(long[] Seqs, bool Before, bool After)> PageAsync(long? before = null, long? after = null, long? around = null, int limit = 10)
        {
            var page = Answer(await Messages.PageAsync(ana.Id, chat, new PageWish(before, after, around, limit, null), Cancellation));
            return ([.. page.Items.Select(seen => MessageKey.SeqOf(seen.Row.Key))], page.HasMoreBefore, page.HasMoreAfter);
        }

        static long[] Run(int from, int to) => [.. Enumerable.Range(from, to - from + 1).Select(i => (long)i)];
        Equal((Run(16, 25), true, false), await PageAsync());
        Equal((Run(6, 15), true, true), await PageAsync(before: 16));
        Equal((Run(1, 5), false, true), await PageAsync(before: 6));
        Equal((Run(1, 10), false, true), await PageAsync(after: 0));
        Equal((Run(21, 25), true, false), await PageAsync(after: 20));
        Equal(([], true, false), await PageAsync(after: 25));
        Equal(([], false, true), await PageAsync(before: 1));
        Equal((Run(8, 17), true, true), await PageAsync(around: 13));
        Equal((Run(1, 5), false, true), await PageAsync(around: 1));
        Equal((Run(20, 25), true, false), await PageAsync(around: 25));
        Equal((Run(1, 25), false, false), await PageAsync(limit: 200));
        Equal(([], true, false), await PageAsync(after: long.MaxValue));
        Equal(([], false, true), await PageAsync(before: -5));

        static void Equal((long[] Seqs, bool Before, bool After) expected, (long[] Seqs, bool Before, bool After) actual)
        {
            Assert.Equal(expected.Seqs, actual.Seqs);
            Assert.Equal((expected.Before, expected.After), (actual.Before, actual.After));
        }
    }

    [Fact]
    public async Task Every_column_comes_out_as_it_went_in()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ana, ben);
        var (bare, full) = (await SendAsync(ana, chat, "bare"), await SendAsync(ana, chat, "full"));
        await ExecuteAsync("UPDATE users SET avatar_hash = 'hash of ' || username, name = 'name of ' || username WHERE id = @Id", new { ben.Id });
        await ExecuteAsync("UPDATE messages SET content = '' WHERE key = @Key", new { bare.Key });
        bare = bare with { Content = "" };
        full = full with
        {
            SenderId = ben.Id,
            SenderUsername = ben.Username,
            SenderName = "name of " + ben.Username,
            SenderAvatar = "hash of " + ben.Username,
            Type = "kind",
            Content = "naïve 😀 Иван",
            ClientId = "client",
            ReplyKey = long.MinValue,
            ThreadKey = long.MaxValue,
            ThreadCount = int.MaxValue,
            ForwardedFrom = "from",
            ForwardedSender = ana.Id,
            ForwardedUsername = ana.Username,
            ForwardedName = bare.SenderName,
            Mentions = "mentions",
            System = "system",
            Reactions = "reactions",
            Files = "files",
            Preview = "preview",
            Counted = 1L << 40,
            CreatedAt = Now.AddDays(1),
            EditedAt = Now.AddDays(2),
            PinnedAt = Now.AddDays(3),
            DeletedAt = Now.AddDays(4),
            FailedAt = Now.AddDays(5),
            ExpiresAt = DateTimeOffset.UnixEpoch.AddMilliseconds(-1),
        };
        await ExecuteAsync(
            """
            UPDATE messages SET sender_id = @SenderId, type = @Type, content = @Content, client_id = @ClientId, reply_key = @ReplyKey, thread_key = @ThreadKey,
                thread_count = @ThreadCount, forwarded_from = @ForwardedFrom, forwarded_sender = @ForwardedSender, mentions = @Mentions, system = @System,
                reactions = @Reactions, files = @Files, preview = @Preview, counted = @Counted, created_at = @CreatedAt, edited_at = @EditedAt,
                pinned_at = @PinnedAt, deleted_at = @DeletedAt, failed_at = @FailedAt, expires_at = @ExpiresAt
            WHERE key = @Key
            """,
            full);

        Assert.Equal([bare, full], await Database.ReadAsync(
            sql => SqlMessages.ListAsync(sql, " WHERE x.key >= @Key ORDER BY x.key LIMIT 2", new { bare.Key }), Cancellation));
    }

    [Fact]
    public async Task An_edit_keeps_what_was_said_and_only_the_author_edits()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ben, ana);
        var row = await SendAsync(ana, chat, "one");
        Answer(await Messages.EditAsync(ana.Id, IdOf(chat, row), "two", Now.AddMinutes(1), Cancellation));
        var edited = Answer(await Messages.EditAsync(ana.Id, IdOf(chat, row), "three", Now.AddMinutes(2), Cancellation));
        Assert.Equal(("three", (DateTimeOffset?)Now.AddMinutes(2)), (edited.Answer.Row.Content, edited.Answer.Row.EditedAt));
        Assert.Null(Answer(await Messages.EditAsync(ana.Id, IdOf(chat, row), "three", Now.AddMinutes(3), Cancellation)).Change);
        var versions = Answer(await Messages.HistoryAsync(ben.Id, IdOf(chat, row), Now, Cancellation));
        Assert.Equal([("one", Now), ("two", Now.AddMinutes(1)), ("three", Now.AddMinutes(2))], versions.Select(version => (version.Content, version.At)));
        Refused(ErrorCodes.Forbidden, await Messages.EditAsync(ben.Id, IdOf(chat, row), "mine", Now, Cancellation));
        Refused(ErrorCodes.NotFound, await Messages.EditAsync((await JoinAsync("eve")).Id, IdOf(chat, row), "mine", Now, Cancellation));
    }

    [Fact]
    public async Task A_deleted_message_is_a_tombstone_and_nothing_is_done_to_it()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ana, ben);
        var row = await SendAsync(ben, chat, "one");
        var id = IdOf(chat, row);
        Answer(await Messages.PinAsync(ana.Id, id, on: true, Now, Cancellation));
        Answer(await Messages.ReactAsync(ana.Id, id, "👍", on: true, Now, Cancellation));
        Answer(await Messages.BookmarkAsync(ana.Id, id, on: true, Now, Cancellation));
        Answer(await Messages.DeleteAsync(ana.Id, id, Now, Cancellation));
        Assert.Null(Answer(await Messages.DeleteAsync(ben.Id, id, Now, Cancellation)).Change);
        var seen = Answer(await Messages.FindAsync(ben.Id, id, Cancellation));
        var shown = seen.Show(Now);
        Assert.Equal((null, true, false, 0), (shown.Content, shown.DeletedAt is not null, shown.Pinned, shown.Reactions.Count));
        Refused(ErrorCodes.MessageDeleted, await Messages.EditAsync(ben.Id, id, "two", Now, Cancellation));
        Refused(ErrorCodes.MessageDeleted, await Messages.ReactAsync(ben.Id, id, "👍", on: true, Now, Cancellation));
        Refused(ErrorCodes.MessageDeleted, await Messages.PinAsync(ana.Id, id, on: true, Now, Cancellation));
        Refused(ErrorCodes.MessageDeleted, await Messages.BookmarkAsync(ana.Id, id, on: true, Now, Cancellation));
        Assert.Empty(await Messages.BookmarksAsync(ana.Id, DateTimeOffset.MaxValue, 0, 50, Cancellation));
    }

    [Fact]
    public async Task Pins_and_bookmarks_page_from_the_newest()
    {
        var ana = await JoinAsync("ana");
        var chat = await GroupAsync(ana);
        for (var i = 1; i <= 5; i++)
        {
            var id = IdOf(chat, await SendAsync(ana, chat, Text(i)));
            Answer(await Messages.PinAsync(ana.Id, id, on: true, Now, Cancellation));
            Answer(await Messages.BookmarkAsync(ana.Id, id, on: true, Now, Cancellation));
        }

        var pins = Answer(await Messages.PinsAsync(ana.Id, chat, 5, 2, Cancellation));
        Assert.Equal([4L, 3L], pins.Select(pin => MessageKey.SeqOf(pin.Row.Key)));
        var first = await Messages.BookmarksAsync(ana.Id, DateTimeOffset.MaxValue, 0, 3, Cancellation);
        Assert.Equal([5L, 4L, 3L], first.Select(mark => MessageKey.SeqOf(mark.Message.Row.Key)));
        var rest = await Messages.BookmarksAsync(ana.Id, first[^1].At, first[^1].Message.Row.Key, 3, Cancellation);
        Assert.Equal([2L, 1L], rest.Select(mark => MessageKey.SeqOf(mark.Message.Row.Key)));
        Assert.All(rest, mark => Assert.True(mark.Message.Bookmarked));
    }

    [Fact]
    public async Task Receipts_tell_how_far_each_of_the_others_is()
    {
        var (ana, ben, eve) = (await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve"));
        var chat = await GroupAsync(ana, ben, eve);
        var row = await SendAsync(ana, chat, "one");
        await ReadToAsync(ben, chat, 1);
        await Marks.MoveAsync([new(eve.Id, chat, 1, IsRead: false)], Cancellation);
        var receipts = Answer(await Messages.ReceiptsAsync(ana.Id, IdOf(chat, row), default, 50, Cancellation));
        Assert.Equal(
            new HashSet<(UserId, bool, bool)> { (ben.Id, true, true), (eve.Id, true, false) },
            receipts.Select(receipt => (receipt.User.Id, receipt.Delivered, receipt.Read)).ToHashSet());
    }

    [Fact]
    public async Task What_is_due_is_given_to_one_taker_and_again_when_its_lease_is_over()
    {
        var ana = await JoinAsync("ana");
        var chat = await GroupAsync(ana);
        var request = new SendMessageRequest { ChatId = chat, Content = "later", SendAt = Now.AddMinutes(5), ClientId = "once" };
        var waiting = Answer(await Scheduled.AddAsync(ana.Id, request, Now, Cancellation)).Waiting!;
        Assert.Equal(waiting.ScheduledId, Answer(await Scheduled.AddAsync(ana.Id, request, Now, Cancellation)).Waiting!.ScheduledId);
        Assert.Equal(Now.AddMinutes(5), await Scheduled.NextDueAsync(Cancellation));
        Assert.Empty(await Scheduled.TakeDueAsync(Now.AddMinutes(4), TimeSpan.FromMinutes(1), 10, Cancellation));

        var taken = await Race.RunAsync(6, _ => Scheduled.TakeDueAsync(Now.AddMinutes(5), TimeSpan.FromMinutes(1), 10, Cancellation));
        var due = Assert.Single(taken.SelectMany(list => list));
        Assert.Equal((waiting.ScheduledId, "later"), (due.Id, due.Request.Content));
        Assert.Single(await Scheduled.TakeDueAsync(Now.AddMinutes(6), TimeSpan.FromMinutes(1), 10, Cancellation));

        var message = new NewMessage { Sender = ana.Id, Chat = chat, Content = "later", ClientId = "once", Scheduled = due.Id, MovesReadMark = false };
        await ExecuteAsync("UPDATE chat_members SET role = 'member' WHERE user_id = @Id", new { ana.Id });
        await ExecuteAsync("UPDATE chats SET members_may = 16 WHERE id = @chat", new { chat });
        Refused(ErrorCodes.Forbidden, (await AppendAsync(message)).Outcomes[0]);
        Assert.Single(Answer(await Scheduled.ListAsync(ana.Id, chat, Cancellation)));
        await ExecuteAsync("UPDATE chats SET members_may = 17 WHERE id = @chat", new { chat });
        var sent = Answer((await AppendAsync(message)).Outcomes[0]);
        Assert.Empty(Answer(await Scheduled.ListAsync(ana.Id, chat, Cancellation)));

        // Who did not hear the answer and asks again gets what was sent.
        Assert.Equal(sent.Row.Key, Answer(await Scheduled.AddAsync(ana.Id, request, Now, Cancellation)).Sent!.Key);
        Refused(ErrorCodes.NotSent, (await AppendAsync(message with { ClientId = null })).Outcomes[0]);
    }
}

public sealed class HistoryOnSqlite(SqliteEngine engine) : HistorySpec(engine), IClassFixture<SqliteEngine>;

public sealed class HistoryOnPostgres(PostgresEngine engine) : HistorySpec(engine), IClassFixture<PostgresEngine>;
