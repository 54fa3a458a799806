using Dapper;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Messages;
using Npgsql;
using NpgsqlTypes;

namespace Hypersend.Server.Engines.Sql.Postgres;

/// <summary>
/// One statement for all of a batch each, and two round trips for all statements: one costs more than fifty rows.
/// </summary>
internal sealed class PostgresMessageAppend : MessageAppend
{
    // By itself PostgreSQL takes its estimate for arrays of a known length to be worth half a millisecond of planning, for each
    // batch anew; the work itself takes a fifth of that. What is planned once is planned again when the tables were analysed.
    private const string PlannedOnce = "SET LOCAL plan_cache_mode = force_generic_plan;\n";

    // First the heads, then the marks of those who send: somebody reads on another device at the same moment. Marks are
    // locked in the order in which readers lock theirs, by chat and person, or two batches could wait in a circle.
    private const string Lock =
        """
        SELECT h.chat_no FROM chat_heads h
        WHERE h.chat_no IN (SELECT no FROM chats WHERE id = ANY(@chats))
        ORDER BY h.chat_no FOR NO KEY UPDATE;
        SELECT m.chat_no
        FROM unnest(@chats, @users) WITH ORDINALITY AS w (chat_id, user_id, place)
            JOIN chats c ON c.id = w.chat_id JOIN chat_members m ON m.chat_no = c.no AND m.user_id = w.user_id
        ORDER BY w.place FOR NO KEY UPDATE OF m;
        """;

    // After the lock, as statements of their own: each has a snapshot of its own, and sees what the last holder committed.
    private const string ReadSenders =
        """
        SELECT c.no AS chat_no, c.id AS chat_id, u.id AS user_id, c.type AS chat_type, c.members_may,
            h.seq, h.rev, h.counted, h.member_count, h.members_version,
            m.role, COALESCE(m.visible_from, 0) AS visible_from, COALESCE(m.read_seq, 0) AS read_seq, COALESCE(m.read_counted, 0) AS read_counted,
            COALESCE(m.own_after, 0) AS own_after, COALESCE(m.delivered_seq, 0) AS delivered_seq, u.username, u.name, u.avatar_hash,
            c.type = 'direct' AND EXISTS (
                SELECT 1 FROM chat_members p JOIN blocks b ON b.blocker_id = p.user_id AND b.blocked_id = u.id
                WHERE p.chat_no = c.no AND p.user_id <> u.id) AS blocked
        FROM unnest(@chats, @users) AS w (chat_id, user_id)
            JOIN chats c ON c.id = w.chat_id AND c.deleted_at IS NULL JOIN chat_heads h ON h.chat_no = c.no JOIN users u ON u.id = w.user_id
            LEFT JOIN chat_members m ON m.chat_no = c.no AND m.user_id = u.id AND m.left_at IS NULL;
        """;

    private const string FindSent =
        """
        SELECT x.key, x.sender_id, x.client_id
        FROM unnest(@sentTo, @sentBy, @clientIds) AS w (chat_id, sender_id, client_id) JOIN chats c ON c.id = w.chat_id
            JOIN messages x ON (x.key >> 32) = c.no AND x.sender_id = w.sender_id AND x.client_id = w.client_id COLLATE "C"
        """;

    private const string Insert =
        """
        INSERT INTO messages (key, rev_key, sender_id, type, content, client_id, reply_key, thread_key, thread_count,
            forwarded_from, forwarded_sender, mentions, files, counted, created_at, expires_at)
        SELECT key, rev_key, sender_id, type, content, client_id, reply_key, thread_key, 0,
            forwarded_from, forwarded_sender, mentions, files, counted, created_at, expires_at
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS r (key, rev_key, sender_id, type, content, client_id,
            reply_key, thread_key, forwarded_from, forwarded_sender, mentions, files, counted, created_at, expires_at)
        """;

    private const string SaveHeads =
        """
        UPDATE chat_heads h SET seq = w.seq, rev = w.rev, counted = w.counted, changed_at = $5
        FROM unnest($1, $2, $3, $4) AS w (chat_no, seq, rev, counted) WHERE h.chat_no = w.chat_no
        """;

    private const string SaveMarks =
        """
        UPDATE chat_members m SET read_seq = w.read_seq, read_counted = w.read_counted, own_after = w.own_after, delivered_seq = w.delivered_seq
        FROM unnest($1, $2, $3, $4, $5, $6) AS w (chat_no, user_id, read_seq, read_counted, own_after, delivered_seq)
        WHERE m.chat_no = w.chat_no AND m.user_id = w.user_id
        """;

    public override async Task<OpenedBatch> OpenAsync(
        SqlSession sql, IReadOnlyCollection<(ChatId Chat, UserId User)> senders, IReadOnlyCollection<(ChatId Chat, UserId Sender, string ClientId)> clientIds)
    {
        var ordered = senders.OrderBy(sender => sender.Chat.Value).ThenBy(sender => sender.User.Value).ToList();
        Guid[] chats = [.. ordered.Select(sender => sender.Chat.Value)];
        Guid[] users = [.. ordered.Select(sender => sender.User.Value)];
        var asked = clientIds.Count == 0
            ? new CommandDefinition(PlannedOnce + Lock + ReadSenders, new { chats, users }, sql.Transaction, cancellationToken: sql.Cancellation)
            : new CommandDefinition(
                PlannedOnce + Lock + ReadSenders + FindSent,
                new
                {
                    chats,
                    users,
                    sentTo = clientIds.Select(one => one.Chat.Value).ToArray(),
                    sentBy = clientIds.Select(one => one.Sender.Value).ToArray(),
                    clientIds = clientIds.Select(one => one.ClientId).ToArray(),
                },
                sql.Transaction,
                cancellationToken: sql.Cancellation);
        await using var answers = await sql.Connection.QueryMultipleAsync(asked);
        await answers.ReadAsync<long>();
        await answers.ReadAsync<long>();
        var rows = (await answers.ReadAsync<SenderRow>()).AsList();
        return new OpenedBatch(rows, clientIds.Count == 0 ? [] : (await answers.ReadAsync<SentRow>()).AsList());
    }

    public override Task InsertAsync(SqlSession sql, IReadOnlyList<MessageRow> rows) => RunAsync(sql, InsertOf(rows));

    public override Task SaveAsync(SqlSession sql, IReadOnlyCollection<OpenMarks> marks, IReadOnlyCollection<OpenHead> heads, DateTimeOffset now) =>
        RunAsync(sql, MarksOf(marks), HeadsOf(heads, now));

    public override Task InsertAndSaveAsync(
        SqlSession sql, IReadOnlyList<MessageRow> rows, IReadOnlyCollection<OpenMarks> marks, IReadOnlyCollection<OpenHead> heads, DateTimeOffset now) =>
        RunAsync(sql, InsertOf(rows), MarksOf(marks), HeadsOf(heads, now));

    private static async Task RunAsync(SqlSession sql, params NpgsqlBatchCommand[] commands)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)sql.Connection, (NpgsqlTransaction?)sql.Transaction);
        foreach (var command in commands)
            batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(sql.Cancellation);
    }

    private static NpgsqlBatchCommand InsertOf(IReadOnlyList<MessageRow> rows)
    {
        var command = new NpgsqlBatchCommand(Insert);
        Add(command, NpgsqlDbType.Bigint, rows.Select(row => row.Key).ToArray());
        Add(command, NpgsqlDbType.Bigint, rows.Select(row => row.RevKey).ToArray());
        Add(command, NpgsqlDbType.Uuid, rows.Select(row => row.SenderId.Value).ToArray());
        Add(command, NpgsqlDbType.Text, rows.Select(row => row.Type).ToArray());
        Add(command, NpgsqlDbType.Text, rows.Select(row => row.Content).ToArray());
        Add(command, NpgsqlDbType.Text, rows.Select(row => row.ClientId).ToArray());
        Add(command, NpgsqlDbType.Bigint, rows.Select(row => row.ReplyKey).ToArray());
        Add(command, NpgsqlDbType.Bigint, rows.Select(row => row.ThreadKey).ToArray());
        Add(command, NpgsqlDbType.Text, rows.Select(row => row.ForwardedFrom).ToArray());
        Add(command, NpgsqlDbType.Uuid, rows.Select(row => row.ForwardedSender?.Value).ToArray());
        Add(command, NpgsqlDbType.Text, rows.Select(row => row.Mentions).ToArray());
        Add(command, NpgsqlDbType.Text, rows.Select(row => row.Files).ToArray());
        Add(command, NpgsqlDbType.Bigint, rows.Select(row => row.Counted).ToArray());
        Add(command, NpgsqlDbType.Bigint, rows.Select(row => row.CreatedAt.ToUnixTimeMilliseconds()).ToArray());
        Add(command, NpgsqlDbType.Bigint, rows.Select(row => row.ExpiresAt?.ToUnixTimeMilliseconds()).ToArray());
        return command;
    }

    private static NpgsqlBatchCommand MarksOf(IReadOnlyCollection<OpenMarks> marks)
    {
        var command = new NpgsqlBatchCommand(SaveMarks);
        Add(command, NpgsqlDbType.Bigint, marks.Select(mark => mark.Row.ChatNo).ToArray());
        Add(command, NpgsqlDbType.Uuid, marks.Select(mark => mark.Row.UserId.Value).ToArray());
        Add(command, NpgsqlDbType.Bigint, marks.Select(mark => mark.ReadSeq).ToArray());
        Add(command, NpgsqlDbType.Bigint, marks.Select(mark => mark.ReadCounted).ToArray());
        Add(command, NpgsqlDbType.Bigint, marks.Select(mark => mark.OwnAfter).ToArray());
        Add(command, NpgsqlDbType.Bigint, marks.Select(mark => mark.DeliveredSeq).ToArray());
        return command;
    }

    private static NpgsqlBatchCommand HeadsOf(IReadOnlyCollection<OpenHead> heads, DateTimeOffset now)
    {
        var command = new NpgsqlBatchCommand(SaveHeads);
        Add(command, NpgsqlDbType.Bigint, heads.Select(head => head.ChatNo).ToArray());
        Add(command, NpgsqlDbType.Bigint, heads.Select(head => head.Seq).ToArray());
        Add(command, NpgsqlDbType.Bigint, heads.Select(head => head.Rev).ToArray());
        Add(command, NpgsqlDbType.Bigint, heads.Select(head => head.Counted).ToArray());
        command.Parameters.Add(new NpgsqlParameter<long> { NpgsqlDbType = NpgsqlDbType.Bigint, TypedValue = now.ToUnixTimeMilliseconds() });
        return command;
    }

    private static void Add<T>(NpgsqlBatchCommand command, NpgsqlDbType element, T[] values) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { NpgsqlDbType = NpgsqlDbType.Array | element, TypedValue = values });
}
