using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Who goes: by themselves, removed by somebody, or because the account is no more.</summary>
internal sealed partial class SqlChatStore
{
    public Task<Result<Departure>> LeaveAsync(UserId actor, ChatId id, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Departure>>(
            async sql =>
            {
                if (await LockedChat.TakeAsync(sql, id, actor) is not { ActorRole: { } role } chat)
                    return NotFound;
                var otherOwners = chat.Actor.IsOwner && await HasOtherOwnerAsync(sql, chat.No, actor);
                if (ChatRules.RefuseLeave(chat.Actor, chat.MemberCount > 1, otherOwners) is { } refusal)
                    return refusal;
                if (chat.Type == ChatTypes.Direct)
                {
                    await sql.ExecuteAsync(
                        "UPDATE chat_members SET hidden_seq = @Seq WHERE chat_no = @No AND user_id = @actor", new { chat.Seq, chat.No, actor });
                    return new Departure(Change: null, Hidden: true, Ended: false, chat.Rev);
                }

                if (chat.MemberCount == 1)
                    return new Departure(await EndAsync(sql, chat, now), Hidden: false, Ended: true, chat.Rev);
                return new Departure(await LetGoAsync(sql, chat, actor, actor, role, now), Hidden: false, Ended: false, chat.Rev);
            },
            cancellation);

    public Task<Result<Changed<Done>>> RemoveAsync(UserId actor, ChatId id, UserId user, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Changed<Done>>>(
            async sql =>
            {
                if (await LockedChat.TakeAsync(sql, id, actor) is not { } chat)
                    return NotFound;
                var member = await FindMemberAsync(sql, chat.No, user);
                if (ChatRules.RefuseRemoval(chat.Actor, member?.Role) is { } refusal)
                    return refusal;
                return member is null ? NotFound : new Changed<Done>(default, await LetGoAsync(sql, chat, actor, user, member.Role, now));
            },
            cancellation);

    public Task<ChatChange?> LeaveNextAsync(UserId ghost, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                var no = await sql.FindAsync<long?>(
                    """
                    SELECT m.chat_no FROM chat_members m JOIN chats c ON c.no = m.chat_no
                    WHERE m.user_id = @ghost AND m.left_at IS NULL AND c.type <> 'direct' AND c.deleted_at IS NULL ORDER BY m.chat_no LIMIT 1
                    """,
                    new { ghost });
                if (no is null || await LockedChat.TakeAsync(sql, no.Value, ghost) is not { ActorRole: { } role } chat)
                    return null;
                if (chat.MemberCount == 1)
                    return await EndAsync(sql, chat, now);

                var heir = chat.Actor.IsOwner && !await HasOtherOwnerAsync(sql, chat.No, ghost) ? await FindHeirAsync(sql, chat.No, ghost) : null;
                var crowned = heir is null ? null : await GiveRoleAsync(sql, chat, ghost, heir.UserId, heir.JoinedAt, ChatRoles.Owner, now);
                var change = await LetGoAsync(sql, chat, ghost, ghost, role, now);
                if (crowned is not null)
                    change.Steps.InsertRange(0, crowned.Steps);
                return change;
            },
            cancellation);

    public Task<IReadOnlyList<UserId>> GhostsAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.ListAsync<UserId>(
                """
                SELECT u.id FROM users u WHERE u.deleted_at IS NOT NULL AND EXISTS (
                    SELECT 1 FROM chat_members m JOIN chats c ON c.no = m.chat_no
                    WHERE m.user_id = u.id AND m.left_at IS NULL AND c.type <> 'direct' AND c.deleted_at IS NULL)
                """),
            cancellation);

    /// <summary>Takes somebody out and says so; the chat is saved. Their row stays as a tombstone.</summary>
    private static async Task<ChatChange> LetGoAsync(SqlSession sql, LockedChat chat, UserId actor, UserId user, string role, DateTimeOffset now)
    {
        var steps = new List<ChangeStep>();
        chat.MemberCount--;
        chat.MembersVersion++;
        if (ChatRules.IsNews(chat.Type, role))
        {
            var card = (await CardAsync(sql, user))!;
            if (!chat.IsQuiet)
                steps.Add(await SqlSystemMessage.InsertAsync(sql, chat, actor, new SystemNote { Event = SystemEvents.UserLeft, User = card }, now));
            steps.Add(new MemberStep(++chat.Rev, EventTypes.MemberLeft, card, role, now));
        }

        await sql.ExecuteAsync(
            "UPDATE chat_members SET left_at = @now, rev = @Rev WHERE chat_no = @No AND user_id = @user", new { now, chat.Rev, chat.No, user });
        await SqlTakers.LeftAsync(sql, user, now);
        await chat.SaveAsync(sql, now);
        var change = chat.ToChange();
        change.Steps.AddRange(steps);
        change.Left.Add(user);
        return change;
    }

    /// <summary>Who owns the chat when its last owner is gone: the oldest admin, else the oldest member.</summary>
    private static Task<HeirRow?> FindHeirAsync(SqlSession sql, long no, UserId ghost) => sql.FindAsync<HeirRow>(
        """
        SELECT m.user_id, m.joined_at FROM chat_members m JOIN users u ON u.id = m.user_id
        WHERE m.chat_no = @no AND m.user_id <> @ghost AND m.left_at IS NULL AND u.deleted_at IS NULL
        ORDER BY CASE WHEN m.role = 'admin' THEN 0 ELSE 1 END, m.joined_at, m.user_id LIMIT 1
        """,
        new { no, ghost });

    private sealed record HeirRow
    {
        public UserId UserId { get; init; }

        public DateTimeOffset JoinedAt { get; init; }
    }
}
