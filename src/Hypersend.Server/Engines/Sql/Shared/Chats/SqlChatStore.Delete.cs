using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>The end of a chat: at once for everybody, and for what was in it in small steps.</summary>
internal sealed partial class SqlChatStore
{
    /// <summary>What hangs on a chat as a whole.</summary>
    private static readonly string[] TablesOfChat = ["chat_members", "chat_invites", "chat_bans", "scheduled_messages"];

    public Task<Result<Changed<Done>>> DeleteAsync(UserId actor, ChatId id, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Changed<Done>>>(
            async sql =>
            {
                if (await LockedChat.TakeAsync(sql, id, actor) is not { } chat)
                    return NotFound;
                return ChatRules.RefuseDelete(chat.Actor) is { } refusal ? refusal : new Changed<Done>(default, await EndAsync(sql, chat, now));
            },
            cancellation);

    public Task<SweptChat?> SweepAsync(DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                var found = await sql.FindAsync<EndedRow>(
                    """
                    SELECT c.no, c.id, h.rev, h.members_version, h.member_count FROM chats c JOIN chat_heads h ON h.chat_no = c.no
                    WHERE c.deleted_at IS NOT NULL AND c.swept_at IS NULL ORDER BY c.no LIMIT 1
                    """);
                if (found is not { } row)
                    return null;
                await sql.FindAsync<long?>("SELECT chat_no FROM chat_heads WHERE chat_no = @No" + sql.Dialect.ForUpdate, new { row.No });
                var gone = await EndMembershipsAsync(sql, row.No, now);
                if (gone.Count > 0)
                {
                    var change = new ChatChange(row.No, row.Id, row.MembersVersion, row.MemberCount) { Rev = row.Rev };
                    change.Left.AddRange(gone);
                    return new SweptChat(row.No, change);
                }

                if (!await SweepRowsAsync(sql, row.No, now))
                    await sql.ExecuteAsync("UPDATE chats SET swept_at = @now, name = '', description = '' WHERE no = @No", new { now, row.No });
                return new SweptChat(row.No, Change: null);
            },
            cancellation);

    /// <summary>From here on the chat is not there; its first members are told with this change, the others by the sweep.</summary>
    private static async Task<ChatChange> EndAsync(SqlSession sql, LockedChat chat, DateTimeOffset now)
    {
        await sql.ExecuteAsync("UPDATE chats SET deleted_at = @now, public = @off WHERE no = @No", new { now, off = false, chat.No });
        await sql.ExecuteAsync("DELETE FROM chat_words WHERE chat_no = @No", new { chat.No });
        chat.MembersVersion++;
        await chat.SaveAsync(sql, now);
        var change = chat.ToChange();
        change.Left.AddRange(await EndMembershipsAsync(sql, chat.No, now));
        return change;
    }

    private static Task<IReadOnlyList<UserId>> EndMembershipsAsync(SqlSession sql, long no, DateTimeOffset now) => sql.ListAsync<UserId>(
        """
        UPDATE chat_members SET left_at = @now WHERE chat_no = @no AND user_id IN (
            SELECT user_id FROM chat_members WHERE chat_no = @no AND left_at IS NULL LIMIT @RowsInOneStep)
        RETURNING user_id
        """,
        new { now, no, ChatLimits.RowsInOneStep });

    /// <summary>Takes a few rows away, those that hang on messages before the messages; false when there were none.</summary>
    private static async Task<bool> SweepRowsAsync(SqlSession sql, long no, DateTimeOffset now)
    {
        var range = new { no, from = MessageKey.Of(no, 0), to = MessageKey.LastOf(no), ChatLimits.RowsInOneStep };
        foreach (var table in TablesOfChat)
        {
            var id = sql.Dialect.RowId;
            if (await sql.ExecuteAsync($"DELETE FROM {table} WHERE {id} IN (SELECT {id} FROM {table} WHERE chat_no = @no LIMIT @RowsInOneStep)", range) > 0)
                return true;
        }

        // The keys of all that hangs on messages begin with the chat's number, so it is one stretch of each table.
        foreach (var table in SqlMessages.TablesOfMessage)
        {
            var id = sql.Dialect.RowId;
            if (await sql.ExecuteAsync(
                $"DELETE FROM {table} WHERE {id} IN (SELECT {id} FROM {table} WHERE message_key BETWEEN @from AND @to LIMIT @RowsInOneStep)", range) > 0)
            {
                return true;
            }
        }

        var carriers = await sql.ListAsync<long>("SELECT DISTINCT message_key FROM message_files WHERE message_key BETWEEN @from AND @to LIMIT @RowsInOneStep", range);
        if (carriers.Count > 0)
        {
            await SqlFiles.DropAsync(sql, carriers, now);
            return true;
        }

        return await sql.ExecuteAsync("DELETE FROM messages WHERE key IN (SELECT key FROM messages WHERE key BETWEEN @from AND @to LIMIT @RowsInOneStep)", range) > 0;
    }

    private sealed record EndedRow
    {
        public long No { get; init; }

        public ChatId Id { get; init; }

        public long Rev { get; init; }

        public long MembersVersion { get; init; }

        public int MemberCount { get; init; }
    }
}
