using System.Text.Json;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Changes of messages that are there: each locks its chat, checks the rights, takes a rev.</summary>
internal sealed partial class SqlMessageStore
{
    /// <summary>Different emoji on one message.</summary>
    private const int MostEmoji = 50;

    public Task<Result<Changed<MessageSeen>>> EditAsync(UserId actor, MessageId id, string content, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Changed<MessageSeen>>>(
            async sql =>
            {
                if (!(await LockAsync(sql, actor, id, now)).Succeeded(out var found, out var failure))
                    return failure;
                var (chat, row, role) = found;
                if (row.SenderId != actor || row.Type == MessageTypes.System)
                    return new Failure(ErrorCodes.Forbidden);

                // Who may not write any more, may not say something else in what they wrote.
                if (!MessageRights.MaySend(chat.Type, role, chat.MembersMay))
                    return new Failure(ErrorCodes.Forbidden);
                if (chat.Type == Contracts.Chats.ChatTypes.Direct && await SqlMessages.IsBlockedAsync(sql, chat.No, actor))
                    return new Failure(ErrorCodes.Blocked);
                if (row.Files is null && string.IsNullOrWhiteSpace(content))
                    return Failure.OfField(ErrorCodes.EmptyMessage, "content", "must not be empty");
                if (row.Content == content)
                    return new Changed<MessageSeen>(await SeenAsync(sql, row, actor, chat.Id), null);

                await sql.ExecuteAsync(
                    """
                    INSERT INTO message_edits (message_key, version, content, at)
                    VALUES (@Key, (SELECT COUNT(*) FROM message_edits WHERE message_key = @Key), @Content, @at)
                    """,
                    new { row.Key, row.Content, at = row.EditedAt ?? row.CreatedAt });
                var mentioned = await Mentioning.FindAsync(sql, content, chat.No, role);
                await sql.ExecuteAsync("DELETE FROM mentions WHERE message_key = @Key", new { row.Key });
                foreach (var user in Mentioning.RowsOf(mentioned))
                    await sql.ExecuteAsync("INSERT INTO mentions (user_id, message_key, sender_id) VALUES (@user, @Key, @actor)", new { user, row.Key, actor });
                await sql.ExecuteAsync(
                    "UPDATE messages SET content = @content, mentions = @mentions, preview = NULL, edited_at = @now WHERE key = @Key",
                    new { content, mentions = Mentioning.ToColumn(mentioned), now, row.Key });
                return await FinishAsync(sql, chat, row.Key, EventTypes.MessageUpdated, actor, now);
            },
            cancellation);

    public Task<Result<Changed<Done>>> DeleteAsync(UserId actor, MessageId id, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Changed<Done>>>(
            async sql =>
            {
                if (!(await LockAsync(sql, actor, id, now)).Succeeded(out var found, out var failure))
                    return failure.Code == ErrorCodes.MessageDeleted ? new Changed<Done>(new Done(), null) : failure;
                var (chat, row, role) = found;
                if (row.Type == MessageTypes.System || !MessageRights.MayDelete(row.SenderId == actor, role))
                    return new Failure(ErrorCodes.Forbidden);
                var steps = await EmptyAsync(sql, chat, row, now);
                await chat.SaveAsync(sql, now);
                var change = chat.ToChange();
                change.Steps.AddRange(steps);
                return new Changed<Done>(new Done(), change);
            },
            cancellation);

    public Task<Result<Changed<MessageSeen>>> ReactAsync(UserId actor, MessageId id, string emoji, bool on, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Changed<MessageSeen>>>(
            async sql =>
            {
                if (!(await LockAsync(sql, actor, id, now)).Succeeded(out var found, out var failure))
                    return failure;
                var (chat, row, _) = found;
                if (row.Type == MessageTypes.System)
                    return new Failure(ErrorCodes.Forbidden);
                if (chat.Type == Contracts.Chats.ChatTypes.Direct && await SqlMessages.IsBlockedAsync(sql, chat.No, actor))
                    return new Failure(ErrorCodes.Blocked);
                if (on && row.Reactions is not null && await sql.ScalarAsync<long>(
                    "SELECT COUNT(DISTINCT emoji) FROM reactions WHERE message_key = @Key AND emoji <> @emoji", new { row.Key, emoji }) >= MostEmoji)
                    return new Failure(ErrorCodes.TooManyReactions);

                var changed = on
                    ? await sql.ExecuteAsync(
                        "INSERT INTO reactions (message_key, emoji, user_id, at) VALUES (@Key, @emoji, @actor, @now) ON CONFLICT DO NOTHING",
                        new { row.Key, emoji, actor, now })
                    : await sql.ExecuteAsync(
                        "DELETE FROM reactions WHERE message_key = @Key AND emoji = @emoji AND user_id = @actor", new { row.Key, emoji, actor });
                if (changed == 0)
                    return new Changed<MessageSeen>(await SeenAsync(sql, row, actor, chat.Id), null);
                await SumReactionsAsync(sql, row.Key);
                return await FinishAsync(
                    sql, chat, row.Key, EventTypes.MessageUpdated, actor, now, new ReactionChange { UserId = actor, Emoji = emoji, On = on });
            },
            cancellation);

    public Task<Result<Changed<MessageSeen>>> PinAsync(UserId actor, MessageId id, bool on, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Changed<MessageSeen>>>(
            async sql =>
            {
                if (!(await LockAsync(sql, actor, id, now)).Succeeded(out var found, out var failure))
                    return failure;
                var (chat, row, role) = found;
                if (row.Type == MessageTypes.System || !MessageRights.MayPin(chat.Type, role, chat.MembersMay))
                    return new Failure(ErrorCodes.Forbidden);
                if (on == (row.PinnedAt is not null))
                    return new Changed<MessageSeen>(await SeenAsync(sql, row, actor, chat.Id), null);
                await sql.ExecuteAsync("UPDATE messages SET pinned_at = @at WHERE key = @Key", new { at = on ? now : (DateTimeOffset?)null, row.Key });
                return await FinishAsync(sql, chat, row.Key, EventTypes.MessageUpdated, actor, now);
            },
            cancellation);

    public Task<IReadOnlyList<ChatChange>> ExpireAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlyList<ChatChange>>(
            async sql =>
            {
                var keys = await sql.ListAsync<long>(
                    "SELECT key FROM messages WHERE expires_at <= @now AND deleted_at IS NULL ORDER BY expires_at LIMIT @limit", new { now, limit });
                var changes = new List<ChatChange>();
                foreach (var group in keys.GroupBy(MessageKey.ChatOf).OrderBy(group => group.Key))
                {
                    if (await LockedChat.TakeAsync(sql, group.Key, default) is not { } chat)
                        continue;
                    var steps = new List<MessageStep>();
                    foreach (var key in group)
                    {
                        // Another node, or its author, may have been here before the lock was ours.
                        if (await SqlMessages.FindAsync(sql, key) is { DeletedAt: null } row)
                            steps.AddRange(await EmptyAsync(sql, chat, row, now));
                    }

                    await chat.SaveAsync(sql, now);
                    var change = chat.ToChange();
                    change.Steps.AddRange(steps);
                    changes.Add(change);
                }

                return changes;
            },
            cancellation);

    public Task<DateTimeOffset?> NextExpiryAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            async sql => await sql.FindAsync<long?>(
                "SELECT expires_at FROM messages WHERE expires_at IS NOT NULL AND deleted_at IS NULL ORDER BY expires_at LIMIT 1") is { } at
                ? DateTimeOffset.FromUnixTimeMilliseconds(at)
                : (DateTimeOffset?)null,
            cancellation);

    /// <summary>
    /// Leaves a tombstone: the number stays, what it said and what was put on it goes. An answer is also taken off its
    /// thread's count, which is a change of the thread's first message.
    /// </summary>
    private static async Task<IReadOnlyList<MessageStep>> EmptyAsync(SqlSession sql, LockedChat chat, MessageRow row, DateTimeOffset now)
    {
        foreach (var table in SqlMessages.TablesOfMessage)
            await sql.ExecuteAsync($"DELETE FROM {table} WHERE message_key = @Key", new { row.Key });
        await SqlFiles.DropAsync(sql, [row.Key], now);
        await sql.ExecuteAsync(
            """
            UPDATE messages SET content = NULL, mentions = NULL, reactions = NULL, pinned_at = NULL, forwarded_from = NULL,
                forwarded_sender = NULL, files = NULL, preview = NULL, deleted_at = @now, rev_key = @revKey
            WHERE key = @Key
            """,
            new { row.Key, now, revKey = chat.NextRevKey() });
        var deleted = new MessageStep(chat.Rev, EventTypes.MessageDeleted, (await SqlMessages.FindAsync(sql, row.Key))!);
        if (row.ThreadKey is not { } root)
            return [deleted];
        await sql.ExecuteAsync("UPDATE messages SET thread_count = thread_count - 1, rev_key = @revKey WHERE key = @root", new { revKey = chat.NextRevKey(), root });
        return [deleted, new MessageStep(chat.Rev, EventTypes.MessageUpdated, (await SqlMessages.FindAsync(sql, root))!)];
    }

    private static async Task SumReactionsAsync(SqlSession sql, long key)
    {
        var sums = await sql.ListAsync<ReactionSum>(
            "SELECT emoji, COUNT(*) AS count FROM reactions WHERE message_key = @key GROUP BY emoji ORDER BY MIN(at), emoji", new { key });
        Reaction[] reactions = [.. sums.Select(sum => new Reaction { Emoji = sum.Emoji, Count = (int)sum.Count })];
        await sql.ExecuteAsync(
            "UPDATE messages SET reactions = @text WHERE key = @key",
            new { text = reactions.Length == 0 ? null : JsonSerializer.Serialize(reactions, StoredJson.Default.ReactionArray), key });
    }

    private sealed record ReactionSum
    {
        public string Emoji { get; init; } = "";

        public long Count { get; init; }
    }
}
