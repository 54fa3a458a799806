using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>Many small steps of prepared statements: there is no round trip to save, and the one writer needs no lock.</summary>
internal sealed class SqliteMessageAppend : MessageAppend
{
    private const string ReadSender =
        """
        SELECT c.no, c.type, c.members_may, h.seq, h.rev, h.counted, h.member_count, h.members_version,
            m.role, m.visible_from, m.read_seq, m.read_counted, m.own_after, m.delivered_seq, u.username, u.name, u.avatar_hash,
            c.type = 'direct' AND EXISTS (
                SELECT 1 FROM chat_members p JOIN blocks b ON b.blocker_id = p.user_id AND b.blocked_id = ?2
                WHERE p.chat_no = c.no AND p.user_id <> ?2)
        FROM chats c JOIN chat_heads h ON h.chat_no = c.no JOIN users u ON u.id = ?2
            LEFT JOIN chat_members m ON m.chat_no = c.no AND m.user_id = ?2 AND m.left_at IS NULL
        WHERE c.id = ?1 AND c.deleted_at IS NULL
        """;

    private const string FindBefore = "SELECT key FROM messages WHERE (key >> 32) = ? AND sender_id = ? AND client_id = ?";

    private const string Insert =
        """
        INSERT INTO messages (key, rev_key, sender_id, type, content, client_id, reply_key, thread_key, thread_count,
            forwarded_from, forwarded_sender, mentions, files, counted, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)
        """;

    private const string SaveHead = "UPDATE chat_heads SET seq = ?, rev = ?, counted = ?, changed_at = ? WHERE chat_no = ?";

    private const string SaveMark =
        "UPDATE chat_members SET read_seq = ?, read_counted = ?, own_after = ?, delivered_seq = ? WHERE chat_no = ? AND user_id = ?";

    public override Task<OpenedBatch> OpenAsync(
        SqlSession sql, IReadOnlyCollection<(ChatId Chat, UserId User)> senders, IReadOnlyCollection<(ChatId Chat, UserId Sender, string ClientId)> clientIds)
    {
        var statement = Statement(sql, ReadSender);
        var rows = new List<SenderRow>(senders.Count);
        foreach (var (chat, user) in senders)
        {
            if (!statement.Bind(chat.Value).Bind(user.Value).Step())
                continue;
            rows.Add(Read(statement.Row, chat, user));
            statement.Reset();
        }

        return Task.FromResult(new OpenedBatch(rows, clientIds.Count == 0 ? [] : FindSent(sql, rows, clientIds)));
    }

    private static List<SentRow> FindSent(SqlSession sql, List<SenderRow> senders, IReadOnlyCollection<(ChatId Chat, UserId Sender, string ClientId)> clientIds)
    {
        var numbers = new Dictionary<ChatId, long>();
        foreach (var sender in senders)
            numbers[sender.ChatId] = sender.ChatNo;
        var statement = Statement(sql, FindBefore);
        var rows = new List<SentRow>();
        foreach (var (chat, sender, clientId) in clientIds)
        {
            if (!numbers.TryGetValue(chat, out var chatNo) || !statement.Bind(chatNo).Bind(sender.Value).Bind(clientId).Step())
                continue;
            rows.Add(new SentRow { Key = statement.Row.Integer(0), SenderId = sender, ClientId = clientId });
            statement.Reset();
        }

        return rows;
    }

    public override Task InsertAsync(SqlSession sql, IReadOnlyList<MessageRow> rows)
    {
        var statement = Statement(sql, Insert);
        foreach (var row in rows)
        {
            statement.Bind(row.Key).Bind(row.RevKey).Bind(row.SenderId.Value).Bind(row.Type).Bind(row.Content).Bind(row.ClientId)
                .Bind(row.ReplyKey).Bind(row.ThreadKey).Bind(row.ForwardedFrom).Bind(row.ForwardedSender).Bind(row.Mentions).Bind(row.Files)
                .Bind(row.Counted).Bind(row.CreatedAt).Bind(row.ExpiresAt).Run();
        }

        return Task.CompletedTask;
    }

    public override Task SaveAsync(SqlSession sql, IReadOnlyCollection<OpenMarks> marks, IReadOnlyCollection<OpenHead> heads, DateTimeOffset now)
    {
        var saveMark = Statement(sql, SaveMark);
        foreach (var mark in marks)
        {
            saveMark.Bind(mark.ReadSeq).Bind(mark.ReadCounted).Bind(mark.OwnAfter).Bind(mark.DeliveredSeq)
                .Bind(mark.Row.ChatNo).Bind(mark.Row.UserId.Value).Run();
        }

        var saveHead = Statement(sql, SaveHead);
        foreach (var head in heads)
            saveHead.Bind(head.Seq).Bind(head.Rev).Bind(head.Counted).Bind(now).Bind(head.ChatNo).Run();
        return Task.CompletedTask;
    }

    private static SenderRow Read(SqliteRow row, ChatId chat, UserId user) => new()
    {
        ChatNo = row.Integer(0),
        ChatId = chat,
        UserId = user,
        ChatType = row.Text(1),
        MembersMay = row.Integer(2),
        Seq = row.Integer(3),
        Rev = row.Integer(4),
        Counted = row.Integer(5),
        MemberCount = (int)row.Integer(6),
        MembersVersion = row.Integer(7),
        Role = row.TextOrNull(8),
        VisibleFrom = row.Integer(9),
        ReadSeq = row.Integer(10),
        ReadCounted = row.Integer(11),
        OwnAfter = row.Integer(12),
        DeliveredSeq = row.Integer(13),
        Username = row.Text(14),
        Name = row.Text(15),
        AvatarHash = row.TextOrNull(16),
        Blocked = row.Integer(17) != 0,
    };

    private static RawStatement Statement(SqlSession sql, string text) => ((PreparingConnection)sql.Connection).Raw(text);
}
