using Hypersend.Server.Features.Files;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>The end of a file, whoever decided on it: the books, the messages that show it, what does not count as unread any more.</summary>
internal static class SqlFileEnd
{
    public static async Task<Finished> EndAsync(SqlSession sql, CarriedFile carried, string state, DateTimeOffset now)
    {
        var file = carried.Row;
        await FreeClientIdAsync(sql, file);
        await sql.ExecuteAsync(
            "UPDATE files SET state = @state, ended_at = @now, reserved = 0, client_key = NULL WHERE no = @No", new { state, now, file.No });
        await SqlFiles.CountAsync(sql, file.OwnerId, -file.Reserved, files: file.IsReady ? -1 : 0, uploads: file.IsReady ? 0 : -1);
        if (file.ReadyAt is null)
            await FailMessagesAsync(sql, file.No, now);
        var changes = await carried.ShowAsync(sql, now);
        return new Finished(carried.Row, changes);
    }

    /// <summary>Who begins once more under the same client_id begins anew: with another file, and with a message that shows it.</summary>
    private static async Task FreeClientIdAsync(SqlSession sql, FileRow file)
    {
        if (await sql.FindAsync<string>("SELECT client_key FROM files WHERE no = @No AND client_key IS NOT NULL", new { file.No }) is not { } key || key.StartsWith(':'))
            return;
        var clientId = key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..];
        await sql.ExecuteAsync(
            "UPDATE messages SET client_id = NULL WHERE key IN (SELECT message_key FROM message_files WHERE file_no = @No) AND sender_id = @OwnerId AND client_id = @clientId",
            new { file.No, file.OwnerId, clientId });
    }

    /// <summary>A message whose files all ended before they were here has nothing to read: no badge stays, and no call.</summary>
    private static async Task FailMessagesAsync(SqlSession sql, long fileNo, DateTimeOffset now)
    {
        await sql.ExecuteAsync(
            """
            UPDATE messages SET failed_at = @now
            WHERE key IN (SELECT message_key FROM message_files WHERE file_no = @fileNo) AND deleted_at IS NULL AND failed_at IS NULL
                AND NOT EXISTS (
                    SELECT 1 FROM message_files x JOIN files o ON o.no = x.file_no
                    WHERE x.message_key = messages.key AND (o.ended_at IS NULL OR o.ready_at IS NOT NULL))
            """,
            new { now, fileNo });
        await sql.ExecuteAsync(
            """
            DELETE FROM mentions WHERE message_key IN (
                SELECT m.key FROM message_files x JOIN messages m ON m.key = x.message_key WHERE x.file_no = @fileNo AND m.failed_at IS NOT NULL)
            """,
            new { fileNo });
    }
}
