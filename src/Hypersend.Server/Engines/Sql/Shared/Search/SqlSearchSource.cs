using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Search;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlSearchSource(SqlDatabase database) : ISearchSource
{
    private const string Columns = "key, rev_key, sender_id, type, content, mentions, files, created_at, pinned_at, deleted_at";

    private const string Heads =
        "SELECT h.chat_no, h.rev, c.deleted_at IS NOT NULL AS is_gone FROM chat_heads h JOIN chats c ON c.no = h.chat_no";

    public Task<IReadOnlyList<SourceHead>> HeadsAsync(DateTimeOffset? since, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => since is { } from ? sql.ListAsync<SourceHead>(Heads + " WHERE h.changed_at > @from", new { from }) : sql.ListAsync<SourceHead>(Heads),
            cancellation);

    public Task<SourceChanges> ChangesAsync(IReadOnlyList<ReadOn> chats, int limit, CancellationToken cancellation) =>
        database.SnapshotAsync(
            async sql =>
            {
                var heads = (await sql.ListAsync<SourceHead>(Heads + " WHERE h.chat_no " + sql.Dialect.In("keys"), sql.Dialect.Keys([.. chats.Select(chat => chat.ChatNo)])))
                    .Where(head => !head.IsGone).ToDictionary(head => head.ChatNo);
                var gone = chats.Select(chat => chat.ChatNo).Where(chat => !heads.ContainsKey(chat)).ToList();
                var read = new List<ReadOn>();
                var revs = new List<long>();
                foreach (var (chatNo, first, _) in chats)
                {
                    if (!heads.TryGetValue(chatNo, out var head))
                        continue;
                    var missing = head.Rev - first;
                    if (missing > limit && revs.Count == 0)
                        return await LongOneAsync(sql, head, first, limit, gone);
                    if (revs.Count + missing > limit)
                        continue;
                    for (var rev = first + 1; rev <= head.Rev; rev++)
                        revs.Add(MessageKey.Of(head.ChatNo, rev));
                    read.Add(new ReadOn(head.ChatNo, first, head.Rev));
                }

                // By every single rev, not by stretches: a planner that guesses wrong about stretches reads the whole table.
                var messages = revs.Count == 0 ? [] : await sql.ListAsync<SourceMessage>(
                    $"SELECT {Columns} FROM messages WHERE rev_key {sql.Dialect.In("keys")}", sql.Dialect.Keys(revs));
                return new SourceChanges(messages, read, gone);
            },
            cancellation);

    public Task<IReadOnlyList<SearchedChat>> ChatsOfAsync(UserId viewer, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.ListAsync<SearchedChat>(
                """
                SELECT c.no, c.id, c.type, c.name, m.visible_from, u.username AS peer_username, u.name AS peer_name
                FROM chat_members m JOIN chats c ON c.no = m.chat_no AND c.deleted_at IS NULL
                    LEFT JOIN chat_members p ON c.type = 'direct' AND p.chat_no = c.no AND p.user_id <> @viewer
                    LEFT JOIN users u ON u.id = p.user_id
                WHERE m.user_id = @viewer AND m.left_at IS NULL
                """,
                new { viewer }),
            cancellation);

    public Task<IReadOnlyList<MessageSeen>> MessagesAsync(UserId viewer, IReadOnlyCollection<long> keys, CancellationToken cancellation) =>
        database.SnapshotAsync<IReadOnlyList<MessageSeen>>(
            async sql =>
            {
                var chats = (await sql.ListAsync<SearchedChat>(
                    $"""
                    SELECT c.no, c.id, m.visible_from
                    FROM chats c JOIN chat_members m ON m.chat_no = c.no AND m.user_id = @viewer AND m.left_at IS NULL
                    WHERE c.deleted_at IS NULL AND c.no {sql.Dialect.In("keys")}
                    """,
                    sql.Dialect.Keys([.. keys.Select(MessageKey.ChatOf).Distinct()], new { viewer }))).ToDictionary(chat => chat.No);
                var rows = await SqlMessages.ListAsync(sql, " WHERE x.key " + sql.Dialect.In("keys"), sql.Dialect.Keys(keys));
                return await SqlMessageStore.SeenAsync(
                    sql,
                    [.. rows.Where(row => chats.TryGetValue(MessageKey.ChatOf(row.Key), out var chat) && MessageKey.SeqOf(row.Key) > chat.VisibleFrom)],
                    viewer,
                    row => chats[MessageKey.ChatOf(row.Key)].Id);
            },
            cancellation);

    private static async Task<SourceChanges> LongOneAsync(SqlSession sql, SourceHead head, long from, int limit, IReadOnlyList<long> gone)
    {
        var messages = await sql.ListAsync<SourceMessage>(
            $"SELECT {Columns} FROM messages WHERE rev_key > @first AND rev_key <= @last ORDER BY rev_key LIMIT @limit",
            new { first = MessageKey.Of(head.ChatNo, from), last = MessageKey.Of(head.ChatNo, head.Rev), limit });
        var to = messages.Count < limit ? head.Rev : MessageKey.SeqOf(messages[^1].RevKey);
        return new SourceChanges(messages, [new ReadOn(head.ChatNo, from, to)], gone);
    }
}
