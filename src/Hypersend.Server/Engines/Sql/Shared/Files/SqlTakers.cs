using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Those who fetch files, wherever they are written or asked for.</summary>
internal static class SqlTakers
{
    /// <summary>A taker t is still in a chat that shows the file, or receives the open transfer that it was stored for.</summary>
    public const string StillThere =
        """
        (EXISTS (SELECT 1 FROM message_files x JOIN chats c ON c.no = (x.message_key >> 32) AND c.deleted_at IS NULL
            JOIN chat_members m ON m.chat_no = c.no AND m.user_id = t.user_id AND m.left_at IS NULL
            JOIN users u ON u.id = m.user_id AND u.deleted_at IS NULL WHERE x.file_no = t.file_no)
            OR EXISTS (SELECT 1 FROM transfers r JOIN users u ON u.id = r.receiver_id AND u.deleted_at IS NULL
                WHERE r.file_no = t.file_no AND r.receiver_id = t.user_id AND r.ended_at IS NULL))
        """;

    /// <summary>Somebody has a file f that goes after its delivery, and nobody else is waited for.</summary>
    public const string IsDelivered =
        $"""
        f.retention_mode IN ('downloads', 'after_delivery') AND f.retention_mode = 'after_delivery' AND f.ended_at IS NULL AND f.state = 'ready'
            AND EXISTS (SELECT 1 FROM file_takers t WHERE t.file_no = f.no AND t.awaited AND t.delivered_at IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM file_takers t WHERE t.file_no = f.no AND t.awaited AND t.delivered_at IS NULL AND {StillThere})
        """;

    /// <summary>The file is ready: whoever followed it to its end while it came has it now.</summary>
    public static async Task SettleAsync(SqlSession sql, long fileNo, long size, DateTimeOffset now)
    {
        foreach (var (taker, served) in await sql.ListAsync<(string Taker, string Served)>(
            "SELECT taker, served FROM file_takers WHERE file_no = @fileNo AND served IS NOT NULL AND delivered_at IS NULL", new { fileNo }))
        {
            if (Features.Files.ServedBytes.IsWhole(served, size))
                await sql.ExecuteAsync("UPDATE file_takers SET served = NULL, delivered_at = @now WHERE file_no = @fileNo AND taker = @taker", new { now, fileNo, taker });
        }
    }

    /// <summary>
    /// Somebody has left a chat: the time of what waited for nobody else is over now, and the sweeper tells the others of it.
    /// Decided under the lock of the file, so that it and the last delivery cannot overlook each other.
    /// </summary>
    public static async Task LeftAsync(SqlSession sql, UserId user, DateTimeOffset now)
    {
        foreach (var id in await sql.ListAsync<FileId>(
            """
            SELECT f.id FROM files f JOIN file_takers t ON t.file_no = f.no AND t.taker = @taker AND t.awaited AND t.delivered_at IS NULL
            WHERE f.retention_mode IN ('downloads', 'after_delivery') AND f.retention_mode = 'after_delivery' AND f.ended_at IS NULL AND f.state = 'ready'
            ORDER BY f.no
            """,
            new { taker = Features.Files.Taker.Of(user).Key }))
        {
            if (await SqlFiles.LockAsync(sql, id) is not null)
                await sql.ExecuteAsync($"UPDATE files AS f SET retention_at = @now WHERE f.id = @id AND {IsDelivered}", new { now, id });
        }
    }

    /// <summary>
    /// A file that goes after its delivery waits from now on for the members of the chats that show it, and for the receiver of
    /// its transfer; when there are none, it stays as long as an upload may take.
    /// </summary>
    public static async Task AwaitAsync(SqlSession sql, long fileNo, UserId owner)
    {
        var added = 0;
        foreach (var member in await sql.ListAsync<UserId>(
            """
            SELECT DISTINCT m.user_id FROM message_files x JOIN chats c ON c.no = (x.message_key >> 32) AND c.deleted_at IS NULL
                JOIN chat_members m ON m.chat_no = c.no AND m.left_at IS NULL
            WHERE x.file_no = @fileNo AND m.user_id <> @owner
            UNION SELECT r.receiver_id FROM transfers r WHERE r.file_no = @fileNo AND r.ended_at IS NULL
            """,
            new { fileNo, owner }))
        {
            await sql.ExecuteAsync(
                """
                INSERT INTO file_takers (file_no, taker, user_id, awaited) VALUES (@fileNo, @taker, @member, @yes)
                ON CONFLICT (file_no, taker) DO UPDATE SET awaited = @yes
                """,
                new { fileNo, taker = Features.Files.Taker.Of(member).Key, member, yes = true });
            added++;
        }

        await sql.ExecuteAsync(
            "UPDATE files SET retention_at = CASE WHEN @added > 0 THEN NULL ELSE COALESCE(retention_at, expires_at) END WHERE no = @fileNo AND retention_mode = @mode",
            new { added, fileNo, mode = RetentionModes.AfterDelivery });
    }
}
