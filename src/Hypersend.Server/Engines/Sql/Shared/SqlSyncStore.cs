using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed partial class SqlSyncStore(SqlDatabase database, PresenceTable presence, TimeProvider clock) : ISyncStore
{
    public Task<IReadOnlyList<ListenedChat>> ChatsOfAsync(UserId user, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.ListAsync<ListenedChat>(
                """
                SELECT c.no, c.id, c.type, h.rev, h.members_version, h.member_count, m.visible_from
                FROM chat_members m JOIN chats c ON c.no = m.chat_no AND c.deleted_at IS NULL JOIN chat_heads h ON h.chat_no = m.chat_no
                WHERE m.user_id = @user AND m.left_at IS NULL
                """,
                new { user }),
            cancellation);

    public Task<IReadOnlyList<ChatEvent>?> ChangesAsync(long chatNo, long afterRev, CancellationToken cancellation) =>
        database.SnapshotAsync<IReadOnlyList<ChatEvent>?>(
            async sql =>
            {
                if (await sql.FindAsync<RepairRow>(
                    "SELECT c.id, h.rev FROM chats c JOIN chat_heads h ON h.chat_no = c.no WHERE c.no = @chatNo", new { chatNo }) is not { } head)
                    return null;
                var rows = await ChangedAsync(sql, chatNo, afterRev, 0);

                // Events carry every rev once. A row that changed twice shows only the last one, and a change of members
                // or of the chat itself is no message: then the listeners start this chat afresh.
                if (rows.Count > ISyncStore.MostChanges || head.Rev - afterRev != rows.Count)
                    return null;
                var now = clock.GetUtcNow();
                return [.. rows.OrderBy(row => row.RevKey).Select(row => ToEvent(row, head.Id, now))];
            },
            cancellation);

    public Task<IReadOnlyList<ChatHead>> HeadsAsync(IReadOnlyCollection<long> chats, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.ListAsync<ChatHead>(
                "SELECT chat_no, rev, members_version FROM chat_heads WHERE chat_no " + sql.Dialect.In("keys"), sql.Dialect.Keys(chats)),
            cancellation);

    public Task<IReadOnlyList<ChatHead>> MovedSinceAsync(DateTimeOffset since, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.ListAsync<ChatHead>("SELECT chat_no, rev, members_version FROM chat_heads WHERE changed_at > @since", new { since }), cancellation);

    public Task<IReadOnlyList<Newcomer>> JoinedSinceAsync(DateTimeOffset since, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.ListAsync<Newcomer>(
                "SELECT chat_no, user_id, visible_from FROM chat_members WHERE joined_at > @since AND left_at IS NULL", new { since }),
            cancellation);

    public Task<(long Version, IReadOnlyList<UserId> Members)> MembersAmongAsync(long chatNo, IReadOnlyCollection<UserId> users, CancellationToken cancellation) =>
        database.SnapshotAsync(
            async sql =>
            {
                var version = await sql.ScalarAsync<long?>("SELECT members_version FROM chat_heads WHERE chat_no = @chatNo", new { chatNo }) ?? 0;
                var members = new List<UserId>();
                foreach (var user in users)
                {
                    if (await sql.FindAsync<UserId?>(
                        "SELECT user_id FROM chat_members WHERE chat_no = @chatNo AND user_id = @user AND left_at IS NULL", new { chatNo, user }) is { } member)
                        members.Add(member);
                }

                return (version, (IReadOnlyList<UserId>)members);
            },
            cancellation);

    /// <summary>The rows with a rev above the cursor, each once; one more than is of use, to tell that there are too many.</summary>
    private static Task<IReadOnlyList<MessageRow>> ChangedAsync(SqlSession sql, long chatNo, long afterRev, long visibleFrom) => SqlMessages.ListAsync(
        sql,
        " WHERE x.rev_key > @after AND x.rev_key <= @last AND x.key > @first ORDER BY x.rev_key LIMIT @most",
        new
        {
            after = MessageKey.Of(chatNo, Math.Max(afterRev, 0)),
            last = MessageKey.LastOf(chatNo),
            first = MessageKey.Of(chatNo, visibleFrom),
            most = ISyncStore.MostChanges + 1,
        });

    private static ChatEvent ToEvent(MessageRow row, ChatId chat, DateTimeOffset now)
    {
        var message = MessageView.Neutral(row, chat, now);

        // Which of the three it was cannot be told any more. All three carry the whole message, and that is what counts.
        var type = row.DeletedAt is not null ? EventTypes.MessageDeleted : row.EditedAt is null && row.Reactions is null && row.ThreadCount == 0 ? EventTypes.Message : EventTypes.MessageUpdated;
        return new ChatEvent(message.Rev, EventJson.OfMessageEvent(type, chat, message.Rev, EventJson.OfMessage(message).Span), message.Seq);
    }

    private sealed record RepairRow
    {
        public ChatId Id { get; init; }

        public long Rev { get; init; }
    }
}
