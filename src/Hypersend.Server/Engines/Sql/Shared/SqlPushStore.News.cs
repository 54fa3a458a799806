using Dapper;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Push;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <content>What is new, whom it concerns, and what is over.</content>
internal sealed partial class SqlPushStore
{
    // More at once is one notification all the same.
    private const int MostNews = 30;

    public Task<ChatNews?> NewsAsync(long chatNo, long from, long to, DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync(
            async sql =>
            {
                if (await sql.FindAsync<ChatCard>(
                    "SELECT c.id, c.type, c.name, h.member_count FROM chats c JOIN chat_heads h ON h.chat_no = c.no WHERE c.no = @chatNo AND c.deleted_at IS NULL",
                    new { chatNo }) is not { } chat)
                    return null;
                var rows = await SqlMessages.ListAsync(
                    sql,
                    $" WHERE x.key > @from AND x.key <= @to AND x.type <> '{MessageTypes.System}' AND x.deleted_at IS NULL ORDER BY x.key DESC LIMIT {MostNews}",
                    new { from = MessageKey.Of(chatNo, from), to = MessageKey.Of(chatNo, to) });
                return new ChatNews
                {
                    ChatNo = chatNo,
                    Chat = chat.Id,
                    Type = chat.Type,
                    Name = chat.Name,
                    MemberCount = chat.MemberCount,
                    From = from,
                    To = to,
                    Messages = [.. rows.Select(row => MessageView.Neutral(row, chat.Id, now))],
                    Answered = await AnsweredAsync(sql, rows),
                    Blocks = await BlocksAsync(sql, rows),
                };
            },
            cancellation);

    public Task<IReadOnlyList<Recipient>> RecipientsAsync(RecipientWish wish, DateTimeOffset now, CancellationToken cancellation)
    {
        var values = new DynamicParameters(new { wish.ChatNo, wish.To, wish.Limit, now, lastUser = wish.After?.UserId, lastId = wish.After?.Id });
        var only = wish.Only is null ? "" : " AND m.user_id IN " + IdList.In(values, "only", wish.Only);
        var after = wish.After is null ? "" : " AND (m.user_id, p.id) > (@lastUser, @lastId)";
        return database.ReadAsync(
            sql => sql.ListAsync<Recipient>(
                $"""
                SELECT {Columns}, m.read_seq, m.visible_from, m.muted_until, u.settings, COALESCE(k.seq, 0) AS shown_seq, {SqlMarkStore.Unread} AS unread
                FROM chat_members m JOIN chat_heads h ON h.chat_no = m.chat_no
                    JOIN push_subscriptions p ON p.user_id = m.user_id {Alive}
                    JOIN users u ON u.id = m.user_id AND u.deleted_at IS NULL AND NOT u.disabled
                    LEFT JOIN push_shown k ON k.subscription_id = p.id AND k.chat_no = m.chat_no
                WHERE m.chat_no = @ChatNo AND m.left_at IS NULL AND m.read_seq < @To AND m.visible_from < @To{only}{after}
                ORDER BY m.user_id, p.id LIMIT @Limit
                """,
                values),
            cancellation);
    }

    public Task<IReadOnlyDictionary<UserId, long>> BadgesAsync(IReadOnlyCollection<UserId> users, DateTimeOffset now, CancellationToken cancellation)
    {
        var values = new DynamicParameters(new { now });
        var people = IdList.In(values, "person", users);

        // The running counts say for nearly all chats that nothing waits; only the others are looked at closely.
        return database.ReadAsync<IReadOnlyDictionary<UserId, long>>(
            async sql => (await sql.ListAsync<BadgeRow>(
                $"""
                SELECT m.user_id, {SqlMarkStore.Unread} AS unread
                FROM chat_members m JOIN chat_heads h ON h.chat_no = m.chat_no
                WHERE m.user_id IN {people} AND m.left_at IS NULL AND NOT m.archived AND (m.muted_until IS NULL OR m.muted_until <= @now)
                    AND h.counted - m.read_counted - m.own_after > 0
                """,
                values)).GroupBy(row => row.UserId).ToDictionary(group => group.Key, group => group.Sum(row => row.Unread)),
            cancellation);
    }

    public Task<IReadOnlyList<ShownDevice>> TakeReadAsync(UserId user, ChatId chat, long seq, DateTimeOffset now, CancellationToken cancellation) =>
        TakeAsync("p.user_id = @user AND c.id = @chat AND k.seq <= @seq", new { user, chat, seq, now }, cancellation);

    public Task<IReadOnlyList<ShownDevice>> TakeGoneAsync(long chatNo, long seq, DateTimeOffset now, CancellationToken cancellation) =>
        TakeAsync("k.chat_no = @chatNo AND k.seq = @seq", new { chatNo, seq, now }, cancellation);

    public Task<IReadOnlyList<ShownDevice>> TakeBackAsync(SubscriptionId id, long chatNo, long seq, DateTimeOffset now, CancellationToken cancellation) =>
        TakeAsync("p.id = @id AND k.chat_no = @chatNo AND k.seq <= @seq", new { id, chatNo, seq, now }, cancellation);

    // Nearly always there is nothing, and a read is cheaper than a write.
    private async Task<IReadOnlyList<ShownDevice>> TakeAsync(string condition, object values, CancellationToken cancellation)
    {
        var found = await database.ReadAsync(
            sql => sql.ListAsync<ShownDevice>(
                $"""
                SELECT {Columns}, c.id AS chat_id, k.chat_no, k.seq
                FROM push_subscriptions p {Alive} JOIN push_shown k ON k.subscription_id = p.id JOIN chats c ON c.no = k.chat_no
                WHERE {condition}
                """,
                values),
            cancellation);
        if (found.Count == 0)
            return found;
        await database.WriteAsync(
            async sql =>
            {
                foreach (var one in found)
                    await sql.ExecuteAsync("DELETE FROM push_shown WHERE subscription_id = @Id AND chat_no = @ChatNo AND seq <= @Seq", new { one.Id, one.ChatNo, one.Seq });
            },
            cancellation);
        return found;
    }

    private static async Task<IReadOnlyDictionary<long, UserId>> AnsweredAsync(SqlSession sql, IReadOnlyList<MessageRow> rows)
    {
        var replies = rows.Where(row => row.ReplyKey is not null).ToList();
        if (replies.Count == 0)
            return new Dictionary<long, UserId>();
        var senders = (await sql.ListAsync<SenderOf>(
            $"SELECT key, sender_id FROM messages WHERE key {sql.Dialect.In("keys")}", sql.Dialect.Keys([.. replies.Select(row => row.ReplyKey!.Value).Distinct()])))
            .ToDictionary(row => row.Key, row => row.SenderId);
        return replies.Where(row => senders.ContainsKey(row.ReplyKey!.Value))
            .ToDictionary(row => MessageKey.SeqOf(row.Key), row => senders[row.ReplyKey!.Value]);
    }

    private static async Task<IReadOnlySet<(UserId Blocker, UserId Sender)>> BlocksAsync(SqlSession sql, IReadOnlyList<MessageRow> rows)
    {
        var values = new DynamicParameters();
        var senders = IdList.In(values, "sender", rows.Select(row => row.SenderId).Distinct().ToList());
        return (await sql.ListAsync<BlockRow>($"SELECT blocker_id, blocked_id FROM blocks WHERE blocked_id IN {senders}", values))
            .Select(row => (row.BlockerId, row.BlockedId)).ToHashSet();
    }

    private sealed record ChatCard
    {
        public ChatId Id { get; init; }

        public string Type { get; init; } = "";

        public string Name { get; init; } = "";

        public int MemberCount { get; init; }
    }

    private sealed record SenderOf
    {
        public long Key { get; init; }

        public UserId SenderId { get; init; }
    }

    private sealed record BlockRow
    {
        public UserId BlockerId { get; init; }

        public UserId BlockedId { get; init; }
    }

    private sealed record BadgeRow
    {
        public UserId UserId { get; init; }

        public long Unread { get; init; }
    }
}
