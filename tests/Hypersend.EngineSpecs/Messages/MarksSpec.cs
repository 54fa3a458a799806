using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;

namespace Hypersend.EngineSpecs.Messages;

/// <summary>Unread is a difference of counts, and it is always the number a person would count.</summary>
public abstract class MarksSpec(Engine engine) : ConversationSpec(engine)
{
    [Fact]
    public async Task What_others_wrote_after_my_mark_is_unread()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ana, ben);
        for (var i = 0; i < 5; i++)
            await SendAsync(ana, chat, Text(i));
        Assert.Equal((5, 0), await WaitingAsync(ben, chat));
        Assert.Equal((0, 0), await WaitingAsync(ana, chat));
        await ReadToAsync(ben, chat, 3);
        Assert.Equal((2, 0), await WaitingAsync(ben, chat));
        await ReadToAsync(ben, chat, 2);
        Assert.Equal((2, 0), await WaitingAsync(ben, chat));
        await ReadToAsync(ben, chat, 5);
        Assert.Equal((0, 0), await WaitingAsync(ben, chat));
    }

    [Fact]
    public async Task Sending_reads_only_what_has_nothing_of_others_before_it()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ana, ben);
        await SendAsync(ana, chat, "seen by nobody");
        await SendAsync(ben, chat, "mine, blind");
        await SendAsync(ben, chat, "mine again");
        Assert.Equal((1, 0), await WaitingAsync(ben, chat));
        await SendAsync(ana, chat, "another");
        await SendAsync(ben, chat, "and mine");
        Assert.Equal((2, 0), await WaitingAsync(ben, chat));
        await ReadToAsync(ben, chat, 2);
        Assert.Equal((1, 0), await WaitingAsync(ben, chat));
        await ReadToAsync(ben, chat, 5);
        Assert.Equal((0, 0), await WaitingAsync(ben, chat));
        await SendAsync(ben, chat, "nothing between");
        await SendAsync(ana, chat, "new");
        Assert.Equal((1, 0), await WaitingAsync(ben, chat));
    }

    [Fact]
    public async Task A_deleted_message_leaves_no_badge_behind()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ana, ben);
        var first = await SendAsync(ana, chat, $"@{ben.Username}");
        await SendAsync(ana, chat, "second");
        Assert.Equal((2, 1), await WaitingAsync(ben, chat));
        Answer(await Messages.DeleteAsync(ana.Id, IdOf(chat, first), Now, Cancellation));
        Assert.Equal((1, 0), await WaitingAsync(ben, chat));
        await ReadToAsync(ben, chat, 2);
        Assert.Equal((0, 0), await WaitingAsync(ben, chat));
        await SendAsync(ben, chat, "mine");
        var mine = await SendAsync(ben, chat, "mine too");
        Answer(await Messages.DeleteAsync(ben.Id, IdOf(chat, mine), Now, Cancellation));
        Assert.Equal((0, 0), await WaitingAsync(ben, chat));
    }

    [Fact]
    public async Task Random_reading_writing_and_deleting_counts_right()
    {
        var dice = new Dice();
        Person[] people = [await JoinAsync("ana"), await JoinAsync("ben"), await JoinAsync("eve")];
        var chat = await GroupAsync(people);
        var written = new List<(int Sender, bool Deleted)>();
        var read = new long[people.Length];
        for (var step = 0; step < 250; step++)
        {
            var who = dice.Next(people.Length);
            switch (dice.Next(4))
            {
                case 0 when written.Count > 0:
                    var seq = dice.Next(written.Count) + 1;
                    await ReadToAsync(people[who], chat, seq);
                    read[who] = Math.Max(read[who], seq);
                    break;
                case 1 when written.Count > 0:
                    var victim = dice.Next(written.Count);
                    if (written[victim].Sender == who && !written[victim].Deleted)
                    {
                        Answer(await Messages.DeleteAsync(people[who].Id, new MessageId(chat, victim + 1), Now, Cancellation));
                        written[victim] = (who, true);
                    }

                    break;
                default:
                    await SendAsync(people[who], chat, Text(step));
                    written.Add((who, false));
                    break;
            }

            for (var i = 0; i < people.Length; i++)
            {
                var expected = written.Select((message, index) => (message, seq: index + 1))
                    .Count(pair => pair.seq > read[i] && pair.message.Sender != i && !pair.message.Deleted);
                Assert.True((expected, 0L) == await WaitingAsync(people[i], chat), $"seed {dice.Seed}, step {step}, person {i}: {expected} expected");
            }
        }
    }

    [Fact]
    public async Task Reading_on_one_device_while_sending_on_another_never_takes_a_mark_back()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ana, ben);
        var last = 0L;
        var sending = Task.WhenAll(SendAllAsync(ana), SendAllAsync(ben));
        var marks = new List<(long Before, long After)>();
        while (!sending.IsCompleted)
        {
            var moved = (await Marks.MoveAsync([new MarkMove(ben.Id, chat, Interlocked.Read(ref last), IsRead: true)], Cancellation))[0]!.Mark;
            var later = (await Marks.MoveAsync([new MarkMove(ben.Id, chat, 0, IsRead: true)], Cancellation))[0]!.Mark;
            marks.Add((moved.ReadSeq, later.ReadSeq));
        }

        await sending;
        Assert.DoesNotContain(marks, pair => pair.After < pair.Before);
        await ReadToAsync(ben, chat, last);
        Assert.Equal((0, 0), await WaitingAsync(ben, chat));

        async Task SendAllAsync(Person person)
        {
            for (var i = 0; i < 150; i++)
            {
                var seq = MessageKey.SeqOf((await SendAsync(person, chat, Text(i))).Key);
                for (var seen = Interlocked.Read(ref last); seen < seq; seen = Interlocked.Read(ref last))
                    Interlocked.CompareExchange(ref last, seq, seen);
            }
        }
    }

    [Fact]
    public async Task A_mark_beyond_the_last_message_or_in_a_chat_of_others_moves_nothing()
    {
        var (ana, eve) = (await JoinAsync("ana"), await JoinAsync("eve"));
        var chat = await GroupAsync(ana);
        await SendAsync(ana, chat, "one");
        var moves = await Marks.MoveAsync(
            [new MarkMove(ana.Id, chat, 2, true), new MarkMove(eve.Id, chat, 1, true), new MarkMove(ana.Id, new ChatId(Guid.CreateVersion7(Now)), 1, true)], Cancellation);
        Assert.True(moves[0] is { IsBeyond: true, Moved: false });
        Assert.Null(moves[1]);
        Assert.Null(moves[2]);
    }

    [Fact]
    public async Task Reactions_of_two_at_once_lose_nothing()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => JoinAsync("p")));
        var chat = await GroupAsync(people);
        var row = await SendAsync(people[0], chat, "react!");
        await Race.RunAsync(12, async i => Answer(await Messages.ReactAsync(people[i / 2].Id, IdOf(chat, row), i % 2 == 0 ? "👍" : "🎈", on: true, Now, Cancellation)));
        var seen = Answer(await Messages.FindAsync(people[3].Id, IdOf(chat, row), Cancellation));
        var shown = seen.Show(Now).Reactions;
        Assert.Equal([("👍", 6, true), ("🎈", 6, true)], shown.Select(reaction => (reaction.Emoji, reaction.Count, reaction.Me ?? false)).OrderByDescending(one => one.Emoji, StringComparer.Ordinal));
        Assert.Equal(2 + 12, MessageKey.SeqOf(seen.Row.RevKey));
        var twice = Answer(await Messages.ReactAsync(people[3].Id, IdOf(chat, row), "👍", on: true, Now, Cancellation));
        Assert.Null(twice.Change);
    }

    [Fact]
    public async Task What_has_expired_is_gone_for_everybody()
    {
        var (ana, ben) = (await JoinAsync("ana"), await JoinAsync("ben"));
        var chat = await GroupAsync(ana, ben);
        var row = await SendAsync(ana, chat, "soon gone", message => message with { ExpiresInSeconds = 5 });
        Answer(await Messages.EditAsync(ana.Id, IdOf(chat, row), "soon gone!", Now, Cancellation));
        Assert.Equal(Now.AddSeconds(5), await Messages.NextExpiryAsync(Cancellation));
        Assert.Empty(await Messages.ExpireAsync(Now.AddSeconds(4), 10, Cancellation));
        var change = Assert.Single(await Messages.ExpireAsync(Now.AddSeconds(5), 10, Cancellation));
        Assert.Single(change.Steps);
        Assert.Empty(await Messages.ExpireAsync(Now.AddSeconds(6), 10, Cancellation));
        Refused(ErrorCodes.MessageDeleted, await Messages.HistoryAsync(ana.Id, IdOf(chat, row), Now, Cancellation));
        Assert.Equal((0, 0), await WaitingAsync(ben, chat));
        Assert.Null(await Messages.NextExpiryAsync(Cancellation));
    }
}

public sealed class MarksOnSqlite(SqliteEngine engine) : MarksSpec(engine), IClassFixture<SqliteEngine>;

public sealed class MarksOnPostgres(PostgresEngine engine) : MarksSpec(engine), IClassFixture<PostgresEngine>;
