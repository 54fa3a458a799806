using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlMarkStore(SqlDatabase database) : IMarkStore
{
    public Task<IReadOnlyList<MovedMark?>> MoveAsync(IReadOnlyList<MarkMove> moves, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlyList<MovedMark?>>(
            async sql =>
            {
                // In one order everywhere: two nodes that move the same marks do not wait for each other in a circle.
                var outcomes = new MovedMark?[moves.Count];
                foreach (var i in Enumerable.Range(0, moves.Count).OrderBy(i => moves[i].Chat.Value).ThenBy(i => moves[i].User.Value))
                    outcomes[i] = await MoveAsync(sql, moves[i]);
                return outcomes;
            },
            cancellation);

    /// <summary>What waits for a member, as an expression over a member m and a head h: never a scan of what is unread.</summary>
    public const string Unread =
        """
        (h.counted - m.read_counted - m.own_after - (
            SELECT COUNT(*) FROM messages g WHERE (g.deleted_at IS NOT NULL OR g.failed_at IS NOT NULL) AND g.type <> 'system'
                AND g.key > ((m.chat_no << 32) | m.read_seq) AND g.key <= ((m.chat_no << 32) | 4294967295) AND g.sender_id <> m.user_id))
        """;

    public const string Mentions =
        """
        ((SELECT COUNT(*) FROM mentions a WHERE a.user_id = m.user_id
                AND a.message_key > ((m.chat_no << 32) | m.read_seq) AND a.message_key <= ((m.chat_no << 32) | 4294967295) AND a.sender_id <> m.user_id)
            + (SELECT COUNT(*) FROM mentions a WHERE a.user_id = @nobody
                AND a.message_key > ((m.chat_no << 32) | m.read_seq) AND a.message_key <= ((m.chat_no << 32) | 4294967295) AND a.sender_id <> m.user_id))
        """;

    private static async Task<MovedMark?> MoveAsync(SqlSession sql, MarkMove move)
    {
        var found = await sql.FindAsync<MarkRow>(
            """
            SELECT m.chat_no, m.visible_from, m.read_seq, m.read_counted, m.own_after, m.delivered_seq, h.seq, h.member_count, c.type,
                (SELECT u.hides_reading FROM users u WHERE u.id = @User) AS hides_reading
            FROM chats c JOIN chat_heads h ON h.chat_no = c.no
                JOIN chat_members m ON m.chat_no = c.no AND m.user_id = @User AND m.left_at IS NULL
            WHERE c.id = @Chat AND c.deleted_at IS NULL
            """ + (sql.Dialect.ForUpdate.Length > 0 ? sql.Dialect.ForUpdate + " OF m" : ""),
            new { move.User, move.Chat });
        if (found is not { } row)
            return null;

        var isBeyond = move.Seq > row.Seq;
        if (isBeyond)
            move = move with { Seq = 0 };
        var read = move.IsRead ? Math.Max(row.ReadSeq, move.Seq) : row.ReadSeq;
        var delivered = Math.Max(row.DeliveredSeq, move.Seq);
        if (read != row.ReadSeq || delivered != row.DeliveredSeq)
            await SaveAsync(sql, move, row, read, delivered);

        var left = (await sql.FindAsync<LeftRow>(
            $"SELECT {Unread} AS unread, {Mentions} AS mentions FROM chat_members m JOIN chat_heads h ON h.chat_no = m.chat_no WHERE m.chat_no = @ChatNo AND m.user_id = @User",
            new { row.ChatNo, move.User, nobody = default(UserId) }))!;
        var mark = new ReadMark { ChatId = move.Chat, ReadSeq = read, Unread = left.Unread, Mentions = left.Mentions };
        return new MovedMark(row.ChatNo, mark, delivered, move.IsRead ? read != row.ReadSeq : delivered != row.DeliveredSeq, ChatRules.TellsMarks(row.Type, row.MemberCount), isBeyond)
        {
            HidesReading = row.HidesReading,
        };
    }

    private static async Task SaveAsync(SqlSession sql, MarkMove move, MarkRow row, long read, long delivered)
    {
        var (counted, own) = (row.ReadCounted, row.OwnAfter);
        if (read != row.ReadSeq)
        {
            counted = await sql.ScalarAsync<long>("SELECT counted FROM messages WHERE key = @key", new { key = MessageKey.Of(row.ChatNo, read) });

            // Only what the mark passes over is looked at, so each message once in a member's life.
            if (own > 0)
            {
                own -= await sql.ScalarAsync<long>(
                    "SELECT COUNT(*) FROM messages WHERE key > @from AND key <= @to AND sender_id = @User AND type <> 'system'",
                    new { from = MessageKey.Of(row.ChatNo, row.ReadSeq), to = MessageKey.Of(row.ChatNo, read), move.User });
            }
        }

        await sql.ExecuteAsync(
            "UPDATE chat_members SET read_seq = @read, read_counted = @counted, own_after = @own, delivered_seq = @delivered WHERE chat_no = @ChatNo AND user_id = @User",
            new { read, counted, own, delivered, row.ChatNo, move.User });
    }

    private sealed record MarkRow
    {
        public long ChatNo { get; init; }

        public long VisibleFrom { get; init; }

        public long ReadSeq { get; init; }

        public long ReadCounted { get; init; }

        public long OwnAfter { get; init; }

        public long DeliveredSeq { get; init; }

        public long Seq { get; init; }

        public int MemberCount { get; init; }

        public bool HidesReading { get; init; }

        public string Type { get; init; } = "";
    }

    private sealed record LeftRow
    {
        public long Unread { get; init; }

        public long Mentions { get; init; }
    }
}
