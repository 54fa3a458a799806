using System.Globalization;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Accounts;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.EngineSpecs.Messages;

/// <summary>A spec with chats in it, made by hand so that it needs no other store than the one it is about.</summary>
public abstract class ConversationSpec(Engine engine) : PeopleSpec(engine)
{
    private protected IMessageStore Messages => new SqlMessageStore(Database);

    private protected IMarkStore Marks => new SqlMarkStore(Database);

    private protected ISyncStore Syncs => new SqlSyncStore(Database, new PresenceTable(TimeProvider.System), TimeProvider.System);

    /// <summary>A group of which the first one is the owner.</summary>
    private protected Task<ChatId> GroupAsync(params Person[] people) => ChatAsync(ChatTypes.Group, people);

    private protected async Task<ChatId> ChatAsync(string type, params Person[] people)
    {
        var id = new ChatId(Guid.CreateVersion7(Now));
        await Database.WriteAsync(
            async sql =>
            {
                await sql.ExecuteAsync(
                    """
                    INSERT INTO chats (id, type, name, description, public, members_may, created_by, created_at)
                    VALUES (@id, @type, 'A chat', '', @no, 17, @owner, @Now)
                    """,
                    new { id, type, no = false, owner = people[0].Id, Now });
                var number = await sql.ScalarAsync<long>("SELECT no FROM chats WHERE id = @id", new { id });
                await sql.ExecuteAsync(
                    "INSERT INTO chat_heads (chat_no, seq, rev, counted, member_count, members_version, changed_at) VALUES (@number, 0, 1, 0, @count, 1, @Now)",
                    new { number, count = people.Length, Now });
                foreach (var person in people)
                    await JoinAsync(sql, number, person, person == people[0] && type != ChatTypes.Direct ? ChatRoles.Owner : ChatRoles.Member);
            },
            Cancellation);
        return id;
    }

    private protected Task ExecuteAsync(string text, object values) =>
        Database.WriteAsync(sql => sql.ExecuteAsync(text, values), Cancellation);

    private protected async Task<AppendedBatch> AppendAsync(params NewMessage[] batch) => await Messages.AppendAsync(batch, Now, Cancellation);

    /// <summary>Sends one message that goes through.</summary>
    private protected async Task<MessageRow> SendAsync(Person sender, ChatId chat, string content, Func<NewMessage, NewMessage>? with = null)
    {
        var message = new NewMessage { Sender = sender.Id, Chat = chat, Content = content };
        var batch = await AppendAsync(with is null ? message : with(message));
        Assert.True(batch.Outcomes[0].Succeeded(out var appended, out var failure), failure?.Code);
        return appended.Row;
    }

    private protected static MessageId IdOf(ChatId chat, MessageRow row) => new(chat, MessageKey.SeqOf(row.Key));

    private protected static T Answer<T>(Result<T> result)
        where T : notnull
    {
        Assert.True(result.Succeeded(out var value, out var failure), failure?.Code);
        return value!;
    }

    private protected static void Refused<T>(string code, Result<T> result)
        where T : notnull => Assert.Equal(code, result.Failure?.Code);

    private protected async Task<(long Unread, long Mentions)> WaitingAsync(Person person, ChatId chat)
    {
        var answer = await Syncs.SyncAsync(person.Id, new Dictionary<ChatId, long>(), [chat], Cancellation);
        var state = Assert.Single(answer.States);
        return (state.Unread, state.Mentions);
    }

    private protected async Task ReadToAsync(Person person, ChatId chat, long seq) =>
        Assert.NotNull(Assert.Single(await Marks.MoveAsync([new MarkMove(person.Id, chat, seq, IsRead: true)], Cancellation)));

    /// <summary>The chat's counters say what its rows say, without gaps.</summary>
    private protected Task AssertWholeAsync(ChatId chat) => Database.ReadAsync(
        async sql =>
        {
            var number = await sql.ScalarAsync<long>("SELECT no FROM chats WHERE id = @chat", new { chat });
            var (first, last) = (MessageKey.Of(number, 0), MessageKey.LastOf(number));
            var head = await sql.FindAsync<Counters>("SELECT seq, counted, rev FROM chat_heads WHERE chat_no = @number", new { number });
            var rows = await sql.FindAsync<Counters>(
                "SELECT COUNT(*) AS seq, SUM(CASE WHEN type <> 'system' THEN 1 ELSE 0 END) AS counted, MAX(key) AS rev FROM messages WHERE key BETWEEN @first AND @last",
                new { first, last });
            Assert.Equal(head!.Seq, rows!.Seq);
            Assert.Equal(head.Counted, rows.Counted);
            Assert.Equal(head.Seq, MessageKey.SeqOf(rows.Rev));
            return true;
        },
        Cancellation);

    private protected static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"message {number}");

    private static async Task JoinAsync(SqlSession sql, long number, Person person, string role) => await sql.ExecuteAsync(
        """
        INSERT INTO chat_members (chat_no, user_id, role, joined_at, rev, visible_from, read_seq, read_counted, own_after, delivered_seq, pinned, archived)
        VALUES (@number, @Id, @role, @Now, 1, 0, 0, 0, 0, 0, @no, @no)
        """,
        new { number, person.Id, role, Now, no = false });

    private sealed record Counters
    {
        public long Seq { get; init; }

        public long Counted { get; init; }

        public long Rev { get; init; }
    }
}
