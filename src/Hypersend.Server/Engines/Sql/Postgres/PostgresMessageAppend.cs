using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Messages;
using Npgsql;
using NpgsqlTypes;

namespace Hypersend.Server.Engines.Sql.Postgres;

/// <summary>One statement for all of a batch each: a round trip costs more than fifty rows.</summary>
internal sealed class PostgresMessageAppend : MessageAppend
{
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
        ORDER BY w.place FOR NO KEY UPDATE OF m
        """;

    // After the lock, as a statement of its own: only so does it see what the last holder committed.
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
            LEFT JOIN chat_members m ON m.chat_no = c.no AND m.user_id = u.id AND m.left_at IS NULL
        """;

    private const string FindSent =
        """
        SELECT x.key, x.sender_id, x.client_id
        FROM unnest(@chats, @senders, @clientIds) AS w (chat_no, sender_id, client_id)
            JOIN messages x ON (x.key >> 32) = w.chat_no AND x.sender_id = w.sender_id AND x.client_id = w.client_id COLLATE "C"
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
        UPDATE chat_heads h SET seq = w.seq, rev = w.rev, counted = w.counted, changed_at = @now
        FROM unnest(@chats, @seqs, @revs, @counts) AS w (chat_no, seq, rev, counted) WHERE h.chat_no = w.chat_no
        """;

    private const string SaveMarks =
        """
        UPDATE chat_members m SET read_seq = w.read_seq, read_counted = w.read_counted, own_after = w.own_after, delivered_seq = w.delivered_seq
        FROM unnest(@chats, @users, @reads, @counts, @owns, @delivered) AS w (chat_no, user_id, read_seq, read_counted, own_after, delivered_seq)
        WHERE m.chat_no = w.chat_no AND m.user_id = w.user_id
        """;

    public override async Task<IReadOnlyList<SenderRow>> LockAsync(SqlSession sql, IReadOnlyCollection<(ChatId Chat, UserId User)> senders)
    {
        var ordered = senders.OrderBy(sender => sender.Chat.Value).ThenBy(sender => sender.User.Value).ToList();
        Guid[] chats = [.. ordered.Select(sender => sender.Chat.Value)];
        Guid[] users = [.. ordered.Select(sender => sender.User.Value)];
        await sql.ExecuteAsync(Lock, new { chats, users });
        return await sql.ListAsync<SenderRow>(ReadSenders, new { chats, users });
    }

    public override Task<IReadOnlyList<SentRow>> FindSentAsync(SqlSession sql, IReadOnlyList<(long ChatNo, UserId Sender, string ClientId)> wanted) =>
        sql.ListAsync<SentRow>(
            FindSent,
            new
            {
                chats = wanted.Select(one => one.ChatNo).ToArray(),
                senders = wanted.Select(one => one.Sender.Value).ToArray(),
                clientIds = wanted.Select(one => one.ClientId).ToArray(),
            });

    public override async Task InsertAsync(SqlSession sql, IReadOnlyList<MessageRow> rows)
    {
        await using var command = new NpgsqlCommand(Insert, (NpgsqlConnection)sql.Connection, (NpgsqlTransaction?)sql.Transaction);
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
        await command.ExecuteNonQueryAsync(sql.Cancellation);
    }

    public override Task SaveHeadsAsync(SqlSession sql, IReadOnlyCollection<OpenHead> heads, DateTimeOffset now) => sql.ExecuteAsync(
        SaveHeads,
        new
        {
            chats = heads.Select(head => head.ChatNo).ToArray(),
            seqs = heads.Select(head => head.Seq).ToArray(),
            revs = heads.Select(head => head.Rev).ToArray(),
            counts = heads.Select(head => head.Counted).ToArray(),
            now,
        });

    public override Task SaveMarksAsync(SqlSession sql, IReadOnlyCollection<OpenMarks> marks) => sql.ExecuteAsync(
        SaveMarks,
        new
        {
            chats = marks.Select(mark => mark.Row.ChatNo).ToArray(),
            users = marks.Select(mark => mark.Row.UserId.Value).ToArray(),
            reads = marks.Select(mark => mark.ReadSeq).ToArray(),
            counts = marks.Select(mark => mark.ReadCounted).ToArray(),
            owns = marks.Select(mark => mark.OwnAfter).ToArray(),
            delivered = marks.Select(mark => mark.DeliveredSeq).ToArray(),
        });

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType element, T[] values) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { NpgsqlDbType = NpgsqlDbType.Array | element, TypedValue = values });
}
