using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Coming in by oneself: where it is open to all, or by an invitation.</summary>
internal sealed partial class SqlChatStore
{
    public Task<Result<Changed<ChatSeen>>> JoinAsync(UserId actor, ChatId id, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Changed<ChatSeen>>>(
            async sql => await LockedChat.TakeAsync(sql, id, actor) is { } chat && (chat.Public || chat.ActorRole is not null)
                ? await ComeInAsync(sql, chat, actor, now)
                : NotFound,
            cancellation);

    public Task<Result<Changed<ChatSeen>>> JoinByInviteAsync(UserId actor, string token, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Changed<ChatSeen>>>(
            async sql =>
            {
                var no = await sql.FindAsync<long?>("SELECT chat_no FROM chat_invites WHERE token = @token", new { token });
                if (no is null || await LockedChat.TakeAsync(sql, no.Value, actor) is not { } chat)
                    return new Failure(ErrorCodes.InvalidChatInvite);
                if (chat.ActorRole is not null)
                    return await ComeInAsync(sql, chat, actor, now);

                // Counted under the chat's lock and given back with everything else when the person may not come in.
                if (await sql.FindAsync<string>(
                    $"SELECT token FROM chat_invites WHERE token = @token AND chat_no = @No AND {Usable}", new { token, chat.No, now }) is null)
                {
                    return new Failure(ErrorCodes.InvalidChatInvite);
                }

                var result = await ComeInAsync(sql, chat, actor, now);
                if (result.Failure is null)
                    await sql.ExecuteAsync("UPDATE chat_invites SET uses = uses + 1 WHERE token = @token", new { token });
                return result;
            },
            cancellation);

    private static async Task<Result<Changed<ChatSeen>>> ComeInAsync(SqlSession sql, LockedChat chat, UserId actor, DateTimeOffset now)
    {
        if (chat.ActorRole is not null)
            return new Changed<ChatSeen>(await SeenAsync(sql, chat, actor), null);
        if (await IsBannedAsync(sql, chat.No, actor))
            return new Failure(ErrorCodes.Banned);
        if (chat.MemberCount >= ChatLimits.MembersOf(chat.Type))
            return new Failure(ErrorCodes.ChatFull);
        var change = await LetInAsync(sql, chat, actor, [actor], now);
        return new Changed<ChatSeen>(await SeenAsync(sql, chat, actor), change);
    }

    private static async Task<bool> IsBannedAsync(SqlSession sql, long no, UserId user) =>
        await sql.FindAsync<long?>("SELECT chat_no FROM chat_bans WHERE chat_no = @no AND user_id = @user", new { no, user }) is not null;
}
