using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Pages, history, receipts and collections: each one indexed stretch.</summary>
internal sealed partial class SqlMessageStore
{
    public Task<Result<StoredPage>> PageAsync(UserId viewer, ChatId chat, PageWish wish, CancellationToken cancellation) =>
        database.SnapshotAsync<Result<StoredPage>>(
            async sql =>
            {
                if (await FindPlaceAsync(sql, viewer, chat) is not { } place)
                    return new Failure(ErrorCodes.NotFound);
                var stretch = new Stretch(sql, place.No, place.VisibleFrom);
                if (wish.Thread is { } thread && (thread.Chat != chat || !await stretch.FindThreadAsync(thread)))
                    return new Failure(ErrorCodes.NotFound);
                var (rows, before, after) = await stretch.ReadAsync(wish);
                return new StoredPage(await SeenAsync(sql, rows, viewer, _ => chat), before, after, place.Rev);
            },
            cancellation);

    public Task<Result<IReadOnlyList<MessageVersion>>> HistoryAsync(UserId viewer, MessageId id, DateTimeOffset now, CancellationToken cancellation) =>
        database.SnapshotAsync<Result<IReadOnlyList<MessageVersion>>>(
            async sql =>
            {
                if (await SqlMessages.FindVisibleAsync(sql, viewer, id) is not { } row)
                    return new Failure(ErrorCodes.NotFound);
                if (row.DeletedAt is not null || row.ExpiresAt <= now)
                    return new Failure(ErrorCodes.MessageDeleted);
                var versions = await sql.ListAsync<VersionRow>("SELECT content, at FROM message_edits WHERE message_key = @Key ORDER BY version", new { row.Key });
                return Result.Of<IReadOnlyList<MessageVersion>>(
                [
                    .. versions.Select(version => new MessageVersion { Content = version.Content, At = version.At }),
                    new MessageVersion { Content = row.Content ?? "", At = row.EditedAt ?? row.CreatedAt },
                ]);
            },
            cancellation);

    public Task<Result<IReadOnlyList<Receipt>>> ReceiptsAsync(UserId viewer, MessageId id, UserId after, int limit, CancellationToken cancellation) =>
        database.ReadAsync<Result<IReadOnlyList<Receipt>>>(
            async sql =>
            {
                if (await SqlMessages.FindVisibleAsync(sql, viewer, id) is not { } row)
                    return new Failure(ErrorCodes.NotFound);

                // Who reads a channel is for those who run it to know.
                if ((await SqlChatStore.MayAsync(sql, viewer, id.Chat, ChatRules.RefuseMemberList)).Failure is { } refusal)
                    return refusal;
                var rows = await sql.ListAsync<ReceiptRow>(
                    """
                    SELECT u.id, u.username, u.name, u.avatar_hash, CASE WHEN u.hides_reading THEN 0 ELSE m.read_seq END AS read_seq,
                        CASE WHEN m.read_seq > m.delivered_seq THEN m.read_seq ELSE m.delivered_seq END AS delivered_seq
                    FROM chat_members m JOIN users u ON u.id = m.user_id
                    WHERE m.chat_no = @chatNo AND m.left_at IS NULL AND m.user_id <> @SenderId AND m.user_id > @after
                    ORDER BY m.user_id LIMIT @limit
                    """,
                    new { chatNo = MessageKey.ChatOf(row.Key), row.SenderId, after, limit });
                return Result.Of<IReadOnlyList<Receipt>>([.. rows.Select(member => new Receipt
                {
                    User = new Person { Id = member.Id, Username = member.Username, Name = member.Name, AvatarUrl = UserRules.AvatarUrl(member.Id, member.AvatarHash) },
                    Delivered = Math.Max(member.DeliveredSeq, member.ReadSeq) >= id.Seq,
                    Read = member.ReadSeq >= id.Seq,
                })]);
            },
            cancellation);

    public Task<Result<IReadOnlyList<MessageSeen>>> PinsAsync(UserId viewer, ChatId chat, long beforeSeq, int limit, CancellationToken cancellation) =>
        database.SnapshotAsync<Result<IReadOnlyList<MessageSeen>>>(
            async sql =>
            {
                if (await FindPlaceAsync(sql, viewer, chat) is not { } place)
                    return new Failure(ErrorCodes.NotFound);
                var rows = await SqlMessages.ListAsync(
                    sql,
                    " WHERE x.pinned_at IS NOT NULL AND x.key > @from AND x.key < @to ORDER BY x.key DESC LIMIT @limit",
                    new { from = MessageKey.Of(place.No, place.VisibleFrom), to = MessageKey.Of(place.No, beforeSeq), limit });
                return Result.Of(await SeenAsync(sql, rows, viewer, _ => chat));
            },
            cancellation);

    public Task<IReadOnlyList<BookmarkedMessage>> BookmarksAsync(UserId viewer, DateTimeOffset before, long beforeKey, int limit, CancellationToken cancellation) =>
        database.SnapshotAsync<IReadOnlyList<BookmarkedMessage>>(
            async sql =>
            {
                // What I may not see any more is not shown, and comes back when I do.
                var marks = await sql.ListAsync<BookmarkRow>(
                    """
                    SELECT b.message_key, b.at, c.id AS chat
                    FROM bookmarks b JOIN chats c ON c.no = (b.message_key >> 32) AND c.deleted_at IS NULL
                        JOIN chat_members m ON m.chat_no = c.no AND m.user_id = @viewer AND m.left_at IS NULL
                    WHERE b.user_id = @viewer AND b.message_key > ((c.no << 32) | m.visible_from) AND (b.at < @before OR (b.at = @before AND b.message_key < @beforeKey))
                    ORDER BY b.at DESC, b.message_key DESC LIMIT @limit
                    """,
                    new { viewer, before, beforeKey, limit });
                var chats = marks.ToDictionary(mark => mark.MessageKey, mark => mark);
                var rows = await SqlMessages.ListAsync(sql, " WHERE x.key " + sql.Dialect.In("keys"), sql.Dialect.Keys([.. chats.Keys]));
                var seen = await SeenAsync(sql, rows, viewer, row => chats[row.Key].Chat);
                return [.. seen.Select(message => new BookmarkedMessage(message, chats[message.Row.Key].At))
                    .OrderByDescending(mark => mark.At).ThenByDescending(mark => mark.Message.Row.Key)];
            },
            cancellation);

    private static Task<Place?> FindPlaceAsync(SqlSession sql, UserId viewer, ChatId chat) => sql.FindAsync<Place>(
        """
        SELECT c.no, h.seq, h.rev, m.visible_from
        FROM chats c JOIN chat_heads h ON h.chat_no = c.no
            JOIN chat_members m ON m.chat_no = c.no AND m.user_id = @viewer AND m.left_at IS NULL
        WHERE c.id = @chat AND c.deleted_at IS NULL
        """,
        new { viewer, chat });

    /// <summary>Where the viewer stands in a chat of theirs.</summary>
    private sealed record Place
    {
        public long No { get; init; }

        public long Seq { get; init; }

        public long Rev { get; init; }

        public long VisibleFrom { get; init; }
    }

    private sealed record VersionRow
    {
        public string Content { get; init; } = "";

        public DateTimeOffset At { get; init; }
    }

    private sealed record ReceiptRow
    {
        public UserId Id { get; init; }

        public string Username { get; init; } = "";

        public string Name { get; init; } = "";

        public string? AvatarHash { get; init; }

        public long ReadSeq { get; init; }

        public long DeliveredSeq { get; init; }
    }

    private sealed record BookmarkRow
    {
        public long MessageKey { get; init; }

        public DateTimeOffset At { get; init; }

        public ChatId Chat { get; init; }
    }
}
