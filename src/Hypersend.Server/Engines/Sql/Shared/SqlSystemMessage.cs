using System.Text.Json;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>"Ana made Ben an admin": a message with a seq like any other that never counts as unread.</summary>
internal static class SqlSystemMessage
{
    /// <summary>Takes the next seq and rev of the locked chat; the caller saves it.</summary>
    public static async Task<MessageStep> InsertAsync(SqlSession sql, LockedChat chat, UserId actor, SystemNote note, DateTimeOffset now)
    {
        var key = MessageKey.Of(chat.No, ++chat.Seq);
        var revKey = chat.NextRevKey();
        await sql.ExecuteAsync(
            """
            INSERT INTO messages (key, rev_key, sender_id, type, system, thread_count, counted, created_at)
            VALUES (@key, @revKey, @actor, 'system', @system, 0, @Counted, @now)
            """,
            new { key, revKey, actor, system = JsonSerializer.Serialize(note, StoredJson.Default.SystemNote), chat.Counted, now });
        var row = await SqlMessages.FindAsync(sql, key);
        return new MessageStep(chat.Rev, EventTypes.Message, row!);
    }
}
