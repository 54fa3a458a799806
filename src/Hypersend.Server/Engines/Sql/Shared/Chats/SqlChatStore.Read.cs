using Dapper;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Single chats, and the lists of them.</summary>
internal sealed partial class SqlChatStore
{
    private const string Activity = "CASE WHEN l.created_at > m.joined_at THEN l.created_at ELSE m.joined_at END";

    public Task<ChatSeen?> FindAsync(ChatId id, UserId viewer, CancellationToken cancellation) =>
        database.ReadAsync(
            async sql => await sql.FindAsync<ChatRow>(SelectChat + " AND c.id = @id AND (m.role IS NOT NULL OR c.public)", new { id, viewer }) is { } row
                ? await SeenAsync(sql, row, viewer)
                : null,
            cancellation);

    public Task<string?> FindTypeAsync(ChatId id, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.FindAsync<string>("SELECT type FROM chats WHERE id = @id AND deleted_at IS NULL", new { id }), cancellation);

    public Task<IReadOnlyList<SummarySeen>> ListAsync(UserId viewer, ListWish wish, CancellationToken cancellation)
    {
        // Which chats and in which order comes first, from narrow rows; the rest is read of those that are on the page only.
        var query =
            $"""
            SELECT t.*, {SqlMarkStore.Unread} AS unread, {SqlMarkStore.Mentions} AS mentions,
                EXISTS (SELECT 1 FROM bookmarks b WHERE b.user_id = @viewer AND b.message_key = t.last_key) AS last_kept,
                {SqlMessages.Columns},
                {SqlUserStore.ProfileColumns}
            FROM (
                SELECT {ChatColumns}, m.pinned, m.muted_until, m.archived, m.draft, {Activity} AS activity_at,
                    CASE WHEN h.seq > m.visible_from THEN l.key END AS last_key
                FROM chat_members m JOIN chats c ON c.no = m.chat_no JOIN chat_heads h ON h.chat_no = m.chat_no
                    LEFT JOIN messages l ON l.key = ((m.chat_no << 32) | h.seq)
                WHERE m.user_id = @viewer AND m.left_at IS NULL AND c.deleted_at IS NULL AND (m.hidden_seq IS NULL OR h.seq > m.hidden_seq)
                    {(wish.Type is null ? "" : "AND c.type = @Type")}
                    {(wish.After is null ? "" : $"AND ({Activity} < @at OR ({Activity} = @at AND c.no < @no))")}
                ORDER BY activity_at DESC, c.no DESC LIMIT @Limit
            ) t
                JOIN chat_members m ON m.chat_no = t.no AND m.user_id = @viewer
                JOIN chat_heads h ON h.chat_no = t.no
                LEFT JOIN messages x ON x.key = t.last_key LEFT JOIN users s ON s.id = x.sender_id LEFT JOIN users f ON f.id = x.forwarded_sender
                LEFT JOIN users u ON u.id = t.peer_id
            ORDER BY t.activity_at DESC, t.no DESC
            """;
        return database.ReadAsync<IReadOnlyList<SummarySeen>>(
            async sql =>
            {
                var found = await sql.ListAsync<SummaryRow, MessageRow, Profile, SummarySeen>(
                    query,
                    new { viewer, nobody = default(UserId), wish.Type, at = wish.After?.At, no = wish.After?.No, wish.Limit },
                    splitOn: "key,id",
                    (row, last, peer) => new SummarySeen(row, last, MyReactions: null, peer));
                return await WithReactionsAsync(sql, await WithArrivedAsync(sql, found), viewer);
            },
            cancellation);
    }

    public async Task<IReadOnlyList<ChatRow>> DiscoverAsync(UserId viewer, DiscoverWish wish, CancellationToken cancellation)
    {
        var values = new DynamicParameters(new { viewer, wish.Type, wish.BeforeNo, wish.Limit });
        var query = SelectChat + " AND c.public" +
            (wish.Type is null ? "" : " AND c.type = @Type") +
            (wish.BeforeNo is null ? "" : " AND c.no < @BeforeNo") +
            string.Concat(wish.Words.Select((word, i) =>
            {
                values.Add($"from{i}", word);
                values.Add($"to{i}", SqlUserStore.Beyond(word));
                return $" AND c.no IN (SELECT w.chat_no FROM chat_words w WHERE w.word >= @from{i} AND w.word < @to{i})";
            })) +
            " ORDER BY c.no DESC LIMIT @Limit";
        return await database.ReadAsync(sql => sql.ListAsync<ChatRow>(query, values), cancellation);
    }

    public Task<IReadOnlyList<long>> NumbersOfAsync(UserId user, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.ListAsync<long>("SELECT chat_no FROM chat_members WHERE user_id = @user AND left_at IS NULL", new { user }), cancellation);

    public async Task<IReadOnlyList<(UserId User, Chat View)>> ViewsAsync(long chatNo, IReadOnlyCollection<UserId> users, CancellationToken cancellation)
    {
        return await database.ReadAsync(
            async sql =>
            {
                var values = new DynamicParameters(new { chatNo });
                var rows = await sql.ListAsync<ViewRow>(
                    $"""
                    SELECT m.user_id AS viewer_id, {ChatColumns}
                    FROM chats c JOIN chat_heads h ON h.chat_no = c.no JOIN chat_members m ON m.chat_no = c.no AND m.left_at IS NULL
                    WHERE c.no = @chatNo AND c.deleted_at IS NULL AND m.user_id IN {IdList.In(values, "id", users)}
                    """,
                    values);
                var views = new List<(UserId, Chat)>(rows.Count);
                foreach (var row in rows)
                    views.Add((row.ViewerId, (await SeenAsync(sql, row, row.ViewerId)).Show(row.ViewerId, presence)));
                return views;
            },
            cancellation);
    }

    private static async Task<IReadOnlyList<SummarySeen>> WithArrivedAsync(SqlSession sql, IReadOnlyList<SummarySeen> found)
    {
        if (!found.Any(one => one.Last is { } last && SqlFiles.IsUnderWay(last)))
            return found;
        var lasts = (await SqlMessages.WithArrivedAsync(sql, [.. found.Select(one => one.Last).OfType<MessageRow>()])).ToDictionary(row => row.Key);
        return [.. found.Select(one => one.Last is { } last ? one with { Last = lasts[last.Key] } : one)];
    }

    private static async Task<IReadOnlyList<SummarySeen>> WithReactionsAsync(SqlSession sql, IReadOnlyList<SummarySeen> found, UserId viewer)
    {
        long[] keys = [.. found.Where(one => one.Last?.Reactions is not null).Select(one => one.Last!.Key)];
        if (keys.Length == 0)
            return found;
        var mine = await SqlMessageStore.MyReactionsAsync(sql, keys, viewer);
        return [.. found.Select(one => one.Last is { } last ? one with { MyReactions = mine.GetValueOrDefault(last.Key) } : one)];
    }

    private sealed record ViewRow : ChatRow
    {
        public UserId ViewerId { get; init; }
    }
}
