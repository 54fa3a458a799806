using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>How a message is read wherever one is read.</summary>
internal static class SqlMessages
{
    /// <summary>Of the message x, its sender s and, of a forwarded one, the first author f. A <see cref="MessageReader"/> may go by their order.</summary>
    public const string Columns =
        """
        x.key, x.rev_key, x.sender_id, s.username AS sender_username, s.name AS sender_name, s.avatar_hash AS sender_avatar,
            x.type, x.content, x.client_id, x.reply_key, x.thread_key, x.thread_count, x.forwarded_from, x.forwarded_sender,
            f.username AS forwarded_username, f.name AS forwarded_name, f.avatar_hash AS forwarded_avatar,
            x.mentions, x.system, x.reactions, x.files, x.preview, x.counted, x.created_at, x.edited_at, x.pinned_at, x.deleted_at, x.failed_at, x.expires_at
        """;

    /// <summary>A message with the cards of its people; a condition and an order follow.</summary>
    private const string Select =
        "SELECT " + Columns + " FROM messages x JOIN users s ON s.id = x.sender_id LEFT JOIN users f ON f.id = x.forwarded_sender";

    /// <summary>What hangs on a message by its key, and goes with it.</summary>
    public static readonly string[] TablesOfMessage = ["reactions", "mentions", "bookmarks", "message_edits", "no_previews", "preview_uses"];

    /// <summary>The messages that meet a condition, which may join more and give an order.</summary>
    public static async Task<IReadOnlyList<MessageRow>> ListAsync(SqlSession sql, string condition, object values) =>
        await WithArrivedAsync(sql, await sql.Dialect.Messages.ListAsync(sql, Select + condition, values));

    public static Task<MessageRow?> FindAsync(SqlSession sql, long key) => FindAsync(sql, " WHERE x.key = @key", new { key });

    /// <summary>The message when the viewer may see it: a member, and not from before their time.</summary>
    public static Task<MessageRow?> FindVisibleAsync(SqlSession sql, UserId viewer, MessageId id) => FindAsync(
        sql,
        """
         JOIN chats c ON c.id = @chat AND c.deleted_at IS NULL
            JOIN chat_members m ON m.chat_no = c.no AND m.user_id = @viewer AND m.left_at IS NULL AND m.visible_from < @Seq
        WHERE x.key = ((c.no << 32) | @Seq)
        """,
        new { viewer, chat = id.Chat, id.Seq });

    /// <summary>
    /// The cards in a message's row are as they were when its files began or ended. How much has come of those that are
    /// on their way is written once, in the file's own row, and added to what is read.
    /// </summary>
    public static async Task<IReadOnlyList<MessageRow>> WithArrivedAsync(SqlSession sql, IReadOnlyList<MessageRow> rows)
    {
        long[] keys = [.. rows.Where(SqlFiles.IsUnderWay).Select(row => row.Key)];
        if (keys.Length == 0)
            return rows;
        var arrived = await SqlFiles.ArrivedAsync(sql, keys);
        return [.. rows.Select(row => SqlFiles.IsUnderWay(row) ? row with { Files = SqlFiles.WithArrived(row.Files!, arrived) } : row)];
    }

    /// <summary>Whether the other one of a direct chat does not want to hear from this person.</summary>
    public static async Task<bool> IsBlockedAsync(SqlSession sql, long chatNo, UserId user) =>
        await sql.FindAsync<long?>(
            """
            SELECT p.chat_no FROM chat_members p JOIN blocks b ON b.blocker_id = p.user_id AND b.blocked_id = @user
            WHERE p.chat_no = @chatNo AND p.user_id <> @user
            """,
            new { chatNo, user }) is not null;

    private static async Task<MessageRow?> FindAsync(SqlSession sql, string condition, object values) =>
        await sql.FindAsync<MessageRow>(Select + condition, values) is { } row ? (await WithArrivedAsync(sql, [row]))[0] : null;
}
