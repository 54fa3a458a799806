using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Imports;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Chats, seats and messages.</summary>
internal sealed partial class SqlImportStore
{
    public Task MakeChatAsync(ImportedChat chat, CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            var no = await sql.ScalarAsync<long?>(
                """
                INSERT INTO chats (id, type, name, description, public, members_may, created_by, created_at, direct_key)
                VALUES (@Id, @Type, @Name, @Description, @Public, @MembersMay, @CreatedBy, @CreatedAt, @key)
                ON CONFLICT DO NOTHING RETURNING no
                """,
                new
                {
                    chat.Id,
                    chat.Type,
                    chat.Name,
                    chat.Description,
                    chat.Public,
                    chat.MembersMay,
                    chat.CreatedBy,
                    chat.CreatedAt,
                    key = chat.Pair is { } pair ? SqlChatStore.DirectKey(pair.One, pair.Other) : null,
                });
            if (no is null)
                return;
            await sql.ExecuteAsync(
                "INSERT INTO chat_heads (chat_no, seq, rev, counted, member_count, members_version, changed_at) VALUES (@no, 0, 1, 0, 0, 0, @CreatedAt)",
                new { no, chat.CreatedAt });
            if (chat.Public)
                await SqlChatStore.InsertWordsAsync(sql, no.Value, chat.Name);
        },
        cancellation);

    public Task AddMembersAsync(ChatId chat, IReadOnlyCollection<ImportedMember> members, DateTimeOffset now, CancellationToken cancellation) => database.WriteAsync(
        async sql =>
        {
            if (await LockedChat.TakeAsync(sql, chat, default) is not { } locked)
                return;
            var added = 0;
            foreach (var member in members)
            {
                added += await sql.ExecuteAsync(
                    """
                    INSERT INTO chat_members (chat_no, user_id, role, joined_at, left_at, rev, visible_from, read_seq, read_counted, own_after,
                        delivered_seq, hidden_seq, muted_until, pinned, archived, draft)
                    VALUES (@No, @User, @Role, @JoinedAt, NULL, @rev, @VisibleFrom, @Seq, @Counted, 0, @Seq, NULL, @MutedUntil, @Pinned, @Archived, @Draft)
                    ON CONFLICT DO NOTHING
                    """,
                    new
                    {
                        locked.No,
                        member.User,
                        member.Role,
                        member.JoinedAt,
                        rev = locked.Rev + 1,
                        member.VisibleFrom,
                        locked.Seq,
                        locked.Counted,
                        member.MutedUntil,
                        member.Pinned,
                        member.Archived,
                        member.Draft,
                    });
            }

            if (added == 0)
                return;
            locked.Rev++;
            locked.MemberCount += added;
            locked.MembersVersion++;
            await locked.SaveAsync(sql, now);
        },
        cancellation);

    public Task<int> AppendAsync(ChatId chat, UserId me, IReadOnlyCollection<ImportedMessage> messages, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                if (await LockedChat.TakeAsync(sql, chat, me) is not { } locked)
                    return 0;
                var written = new List<(ImportedMessage Message, MessageRow Row)>();
                foreach (var message in messages)
                {
                    if (message.Seq > locked.Seq)
                        written.Add((message, Number(message, locked)));
                }

                if (written.Count == 0)
                    return 0;
                await sql.Dialect.Append.InsertAsync(sql, [.. written.Select(one => one.Row)]);
                foreach (var (message, row) in written)
                    await BesideAsync(sql, message, row, me);
                await sql.ExecuteAsync(
                    "UPDATE chat_members SET read_seq = @Seq, read_counted = @Counted, own_after = 0, delivered_seq = @Seq WHERE chat_no = @No",
                    new { locked.Seq, locked.Counted, locked.No });
                await locked.SaveAsync(sql, now);
                return written.Count;
            },
            cancellation);

    /// <summary>Its own number stays; the running counts are those of this chat here.</summary>
    private static MessageRow Number(ImportedMessage message, LockedChat chat)
    {
        chat.Seq = message.Seq;
        if (message.Row.Type != MessageTypes.System)
            chat.Counted++;
        return message.Row with
        {
            Key = MessageKey.Of(chat.No, message.Seq),
            RevKey = chat.NextRevKey(),
            ReplyKey = message.ReplySeq is { } reply ? MessageKey.Of(chat.No, reply) : null,
            ThreadKey = message.ThreadSeq is { } thread ? MessageKey.Of(chat.No, thread) : null,
            Counted = chat.Counted,
        };
    }

    // What few messages have.
    private static async Task BesideAsync(SqlSession sql, ImportedMessage message, MessageRow row, UserId me)
    {
        if (row.ThreadCount > 0 || (row.System ?? row.Reactions) is not null || (row.EditedAt ?? row.PinnedAt ?? row.DeletedAt ?? row.FailedAt) is not null)
        {
            await sql.ExecuteAsync(
                """
                UPDATE messages SET thread_count = @ThreadCount, system = @System, reactions = @Reactions, edited_at = @EditedAt, pinned_at = @PinnedAt,
                    deleted_at = @DeletedAt, failed_at = @FailedAt
                WHERE key = @Key
                """,
                new { row.ThreadCount, row.System, row.Reactions, row.EditedAt, row.PinnedAt, row.DeletedAt, row.FailedAt, row.Key });
        }

        foreach (var (place, file) in message.Files)
        {
            await sql.ExecuteAsync("INSERT INTO message_files (message_key, place, file_no) SELECT @Key, @place, no FROM files WHERE id = @file", new { row.Key, place, file });
            await sql.ExecuteAsync("UPDATE files SET unused_at = NULL WHERE id = @file", new { file });
        }

        foreach (var emoji in message.MyReactions)
        {
            await sql.ExecuteAsync(
                "INSERT INTO reactions (message_key, emoji, user_id, at) VALUES (@Key, @emoji, @me, @CreatedAt)", new { row.Key, emoji, me, row.CreatedAt });
        }

        if (message.Bookmarked)
            await sql.ExecuteAsync("INSERT INTO bookmarks (user_id, message_key, at) VALUES (@me, @Key, @CreatedAt)", new { me, row.Key, row.CreatedAt });
    }
}
