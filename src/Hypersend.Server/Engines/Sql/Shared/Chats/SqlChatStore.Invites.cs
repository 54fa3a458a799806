using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>The links that let people in, and those whom none lets in.</summary>
internal sealed partial class SqlChatStore
{
    private const string Usable = "(expires_at IS NULL OR expires_at > @now) AND (max_uses IS NULL OR uses < max_uses)";

    public Task<Result<Done>> AddInviteAsync(UserId actor, ChatId id, InviteRow invite, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Done>>(
            async sql =>
            {
                if (await LockedChat.TakeAsync(sql, id, actor) is not { } chat)
                    return NotFound;
                if (ChatRules.RefuseInvite(chat.Actor) is { } refusal)
                    return refusal;
                await sql.ExecuteAsync($"DELETE FROM chat_invites WHERE chat_no = @No AND NOT ({Usable})", new { chat.No, now });
                if (await sql.ScalarAsync<long>("SELECT COUNT(*) FROM chat_invites WHERE chat_no = @No", new { chat.No }) >= ChatLimits.Invites)
                    return new Failure(ErrorCodes.Conflict, "The chat has as many invitations as it can have; withdraw some of them first.");
                await sql.ExecuteAsync(
                    """
                    INSERT INTO chat_invites (token, chat_no, created_by, created_at, expires_at, max_uses, uses)
                    VALUES (@Token, @No, @CreatedBy, @CreatedAt, @ExpiresAt, @MaxUses, 0)
                    """,
                    new { invite.Token, chat.No, invite.CreatedBy, invite.CreatedAt, invite.ExpiresAt, invite.MaxUses });
                return new Done();
            },
            cancellation);

    public Task<Result<IReadOnlyList<InviteRow>>> InvitesAsync(UserId viewer, ChatId id, DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync<Result<IReadOnlyList<InviteRow>>>(
            async sql =>
            {
                if (!(await MayAsync(sql, viewer, id, ChatRules.RefuseInvite)).Succeeded(out var no, out var refusal))
                    return refusal;
                var all = (await MayAsync(sql, viewer, id, ChatRules.RefuseStaffWork)).Failure is null;
                return Result.Of(await sql.ListAsync<InviteRow>(
                    $"""
                    SELECT token, created_by, created_at, expires_at, max_uses, uses FROM chat_invites
                    WHERE chat_no = @no AND {Usable} {(all ? "" : "AND created_by = @viewer")} ORDER BY created_at DESC, token
                    """,
                    new { no, now, viewer }));
            },
            cancellation);

    public Task<Result<InvitedRow>> InvitedAsync(UserId viewer, string token, DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync<Result<InvitedRow>>(
            async sql =>
            {
                var found = await sql.FindAsync<InvitedRow>(
                    $"""
                    SELECT c.no, c.type, c.name, c.description, h.member_count
                    FROM chat_invites i JOIN chats c ON c.no = i.chat_no JOIN chat_heads h ON h.chat_no = c.no
                    WHERE i.token = @token AND c.deleted_at IS NULL
                      AND (({Usable}) OR EXISTS (SELECT 1 FROM chat_members m WHERE m.chat_no = c.no AND m.user_id = @viewer AND m.left_at IS NULL))
                    """,
                    new { token, viewer, now });
                if (found is null)
                    return new Failure(ErrorCodes.InvalidChatInvite);
                return await IsBannedAsync(sql, found.No, viewer) ? new Failure(ErrorCodes.Banned) : found;
            },
            cancellation);

    public Task<Result<Done>> WithdrawInviteAsync(UserId actor, ChatId id, string token, CancellationToken cancellation) =>
        database.WriteAsync<Result<Done>>(
            async sql =>
            {
                if (!(await MayAsync(sql, actor, id, ChatRules.RefuseInvite)).Succeeded(out var no, out var refusal))
                    return refusal;
                var all = (await MayAsync(sql, actor, id, ChatRules.RefuseStaffWork)).Failure is null;
                var gone = await sql.ExecuteAsync(
                    $"DELETE FROM chat_invites WHERE chat_no = @no AND token = @token {(all ? "" : "AND created_by = @actor")}", new { no, token, actor });
                return gone > 0 ? new Done() : NotFound;
            },
            cancellation);

    public Task<Result<Changed<Done>>> BanAsync(UserId actor, ChatId id, UserId user, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Changed<Done>>>(
            async sql =>
            {
                if (await LockedChat.TakeAsync(sql, id, actor) is not { } chat)
                    return NotFound;
                var member = await FindMemberAsync(sql, chat.No, user);
                if (ChatRules.RefuseRemoval(chat.Actor, member?.Role) is { } refusal)
                    return refusal;
                if (actor == user)
                    return new Failure(ErrorCodes.CannotTargetSelf);
                if (await CardAsync(sql, user) is null)
                    return NotFound;
                await sql.ExecuteAsync(
                    "INSERT INTO chat_bans (chat_no, user_id, banned_by, created_at) VALUES (@No, @user, @actor, @now) ON CONFLICT DO NOTHING",
                    new { chat.No, user, actor, now });
                return new Changed<Done>(default, member is null ? null : await LetGoAsync(sql, chat, actor, user, member.Role, now));
            },
            cancellation);

    public Task<Result<Done>> UnbanAsync(UserId actor, ChatId id, UserId user, CancellationToken cancellation) =>
        database.WriteAsync<Result<Done>>(
            async sql =>
            {
                if (!(await MayAsync(sql, actor, id, ChatRules.RefuseStaffWork)).Succeeded(out var no, out var refusal))
                    return refusal;
                await sql.ExecuteAsync("DELETE FROM chat_bans WHERE chat_no = @no AND user_id = @user", new { no, user });
                return new Done();
            },
            cancellation);

    public Task<Result<IReadOnlyList<BanSeen>>> BansAsync(UserId viewer, ChatId id, UserId after, int limit, CancellationToken cancellation) =>
        database.ReadAsync<Result<IReadOnlyList<BanSeen>>>(
            async sql =>
            {
                if (!(await MayAsync(sql, viewer, id, ChatRules.RefuseStaffWork)).Succeeded(out var no, out var refusal))
                    return refusal;
                return Result.Of(await sql.ListAsync<BanRow, Profile, BanSeen>(
                    "SELECT x.banned_by, x.created_at, " + SqlUserStore.ProfileColumns +
                    " FROM chat_bans x JOIN users u ON u.id = x.user_id WHERE x.chat_no = @no AND x.user_id > @after ORDER BY x.user_id LIMIT @limit",
                    new { viewer, no, after, limit },
                    splitOn: "id",
                    (row, user) => new BanSeen(row, user)));
            },
            cancellation);
}
