using Dapper;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>New chats.</summary>
internal sealed partial class SqlChatStore
{
    public Task<Result<OpenedChat>> OpenDirectAsync(UserId actor, UserId other, ChatId newId, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<OpenedChat>>(
            async sql =>
            {
                var key = DirectKey(actor, other);
                if (await sql.FindAsync<ChatId?>("SELECT id FROM chats WHERE direct_key = @key", new { key }) is { } known)
                    return await ReopenAsync(sql, actor, known);
                if (await RefusePeopleAsync(sql, actor, [other], "message_audience") is { } refusal)
                    return refusal;

                // Of two that open it at once the second meets the unique key, runs again and finds the first one's.
                var no = await InsertChatAsync(
                    sql,
                    new NewChat { Id = newId, Type = ChatTypes.Direct, Name = "", Creator = actor, MembersMay = ChatRules.DefaultRights(ChatTypes.Direct) },
                    key,
                    now);
                var chat = (await LockedChat.TakeAsync(sql, no, actor))!;
                chat.Rev = 1;
                chat.MemberCount = 2;
                chat.MembersVersion = 1;
                await InsertMembersAsync(sql, chat, [actor, other], ChatRoles.Member, now);
                await chat.SaveAsync(sql, now);
                var change = chat.ToChange();
                change.Joined.AddRange([actor, other]);
                return new OpenedChat(await SeenAsync(sql, chat, actor), IsNew: true, WasHidden: false, change);
            },
            cancellation);

    public Task<Result<Changed<ChatSeen>>> CreateAsync(NewChat chat, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Changed<ChatSeen>>>(
            async sql =>
            {
                if (await RefusePeopleAsync(sql, chat.Creator, chat.Members, "group_audience") is { } refusal)
                    return refusal;
                var no = await InsertChatAsync(sql, chat, directKey: null, now);
                var locked = (await LockedChat.TakeAsync(sql, no, chat.Creator))!;
                var step = await SqlSystemMessage.InsertAsync(
                    sql, locked, chat.Creator, new SystemNote { Event = SystemEvents.ChatCreated, Name = chat.Name }, now);
                locked.MemberCount = 1 + chat.Members.Count;
                locked.MembersVersion = 1;
                await InsertMembersAsync(sql, locked, [chat.Creator], ChatRoles.Owner, now);
                if (chat.Members.Count > 0)
                    await InsertMembersAsync(sql, locked, chat.Members, ChatRules.PlainRole(chat.Type), now);
                if (chat.Public)
                    await InsertWordsAsync(sql, no, chat.Name);
                await locked.SaveAsync(sql, now);

                var change = locked.ToChange();
                change.Steps.Add(step);
                change.Joined.Add(chat.Creator);
                change.Joined.AddRange(chat.Members);
                return new Changed<ChatSeen>(await SeenAsync(sql, locked, chat.Creator), change);
            },
            cancellation);

    /// <summary>Notes to oneself, made with the account: the chat bears its person's own id.</summary>
    public static async Task InsertSavedAsync(SqlSession sql, UserId user, DateTimeOffset now)
    {
        var saved = new NewChat
        {
            Id = new ChatId(user.Value),
            Type = ChatTypes.Saved,
            Name = "",
            Creator = user,
            MembersMay = ChatRules.DefaultRights(ChatTypes.Saved),
        };
        var no = await InsertChatAsync(sql, saved, directKey: null, now);
        var chat = new LockedChat { No = no, Rev = 1, MemberCount = 1, MembersVersion = 1 };
        await InsertMembersAsync(sql, chat, [user], ChatRoles.Owner, now);
        await chat.SaveAsync(sql, now);
    }

    private static async Task<OpenedChat> ReopenAsync(SqlSession sql, UserId actor, ChatId id)
    {
        var wasHidden = await sql.ExecuteAsync(
            """
            UPDATE chat_members SET hidden_seq = NULL
            WHERE user_id = @actor AND hidden_seq IS NOT NULL AND chat_no = (SELECT no FROM chats WHERE id = @id)
            """,
            new { actor, id }) > 0;
        var row = (await sql.FindAsync<ChatRow>(SelectChat + " AND c.id = @id", new { id, viewer = actor }))!;
        return new OpenedChat(await SeenAsync(sql, row, actor), IsNew: false, wasHidden, Change: null);
    }

    private static async Task<long> InsertChatAsync(SqlSession sql, NewChat chat, byte[]? directKey, DateTimeOffset now)
    {
        var no = await sql.ScalarAsync<long>(
            """
            INSERT INTO chats (id, type, name, description, public, members_may, created_by, created_at, direct_key)
            VALUES (@Id, @Type, @Name, @Description, @Public, @may, @Creator, @now, @directKey)
            RETURNING no
            """,
            new { chat.Id, chat.Type, chat.Name, chat.Description, chat.Public, may = (long)chat.MembersMay, chat.Creator, now, directKey });
        await sql.ExecuteAsync(
            """
            INSERT INTO chat_heads (chat_no, seq, rev, counted, member_count, members_version, changed_at)
            VALUES (@no, 0, 0, 0, 0, 0, @now)
            """,
            new { no, now });
        return no;
    }

    /// <summary>
    /// Puts people in, those who were there before in their old row. What was written up to now is no news to them; whether
    /// they see it is the chat's to say.
    /// </summary>
    private static Task<int> InsertMembersAsync(
        SqlSession sql, LockedChat chat, IReadOnlyCollection<UserId> people, string role, DateTimeOffset now, long visibleFrom = 0)
    {
        var values = new DynamicParameters(new { chat.No, role, now, chat.Rev, chat.Seq, chat.Counted, visibleFrom, off = false });
        return sql.ExecuteAsync(
            $"""
            INSERT INTO chat_members (chat_no, user_id, role, joined_at, left_at, rev, visible_from, read_seq, read_counted, own_after,
                delivered_seq, hidden_seq, pinned, archived)
            SELECT @No, u.id, @role, @now, NULL, @Rev, @visibleFrom, @Seq, @Counted, 0, @Seq, NULL, @off, @off
            FROM users u WHERE u.id IN {IdList.In(values, "id", people)}
            ON CONFLICT (chat_no, user_id) DO UPDATE SET role = excluded.role, joined_at = excluded.joined_at, left_at = NULL,
                rev = excluded.rev, visible_from = excluded.visible_from, read_seq = excluded.read_seq, read_counted = excluded.read_counted,
                own_after = 0, delivered_seq = excluded.delivered_seq, hidden_seq = NULL
            """,
            values);
    }

    /// <summary>The words by which a chat that anybody may find is found.</summary>
    public static async Task InsertWordsAsync(SqlSession sql, long no, string name)
    {
        foreach (var word in NameForm.Words(name))
            await sql.ExecuteAsync("INSERT INTO chat_words (word, chat_no) VALUES (@word, @no) ON CONFLICT DO NOTHING", new { word, no });
    }

    /// <summary>Why the actor cannot bring these people in; locks them, so that none of them is gone before the commit.</summary>
    private static async Task<Failure?> RefusePeopleAsync(SqlSession sql, UserId actor, IReadOnlyCollection<UserId> people, string audience)
    {
        if (people.Count == 0)
            return null;
        var values = new DynamicParameters(new { actor, off = false });
        var list = IdList.In(values, "id", people);
        var there = await sql.ListAsync<UserId>(
            $"SELECT id FROM users WHERE id IN {list} AND deleted_at IS NULL AND disabled = @off ORDER BY id" + sql.Dialect.ForUpdate, values);
        if (people.Except(there).ToList() is { Count: > 0 } missing)
            return ChatAnswers.Naming(ErrorCodes.NoSuchPerson, missing);
        var unwilling = await sql.ListAsync<UserId>($"SELECT blocker_id FROM blocks WHERE blocked_id = @actor AND blocker_id IN {list}", values);
        if (unwilling.Count > 0)
            return ChatAnswers.Naming(ErrorCodes.Blocked, unwilling);
        var closed = await sql.ListAsync<UserId>($"SELECT u.id FROM users u WHERE u.id IN {list} AND {SqlAudience.IsShut(audience, "@actor")}", values);
        return closed.Count > 0 ? ChatAnswers.Naming(ErrorCodes.RefusedByPrivacy, closed) : null;
    }

    /// <summary>What makes a direct chat of two people the only one.</summary>
    public static byte[] DirectKey(UserId one, UserId other)
    {
        var (first, second) = (one.Value.ToByteArray(bigEndian: true), other.Value.ToByteArray(bigEndian: true));
        return first.AsSpan().SequenceCompareTo(second) < 0 ? [.. first, .. second] : [.. second, .. first];
    }
}
