using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Changes of a chat itself, and of one's own settings of it.</summary>
internal sealed partial class SqlChatStore
{
    public Task<Result<Changed<ChatSeen>>> EditAsync(UserId actor, ChatId id, ChatEdit edit, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Changed<ChatSeen>>>(
            async sql =>
            {
                if (await LockedChat.TakeAsync(sql, id, actor) is not { } chat)
                    return NotFound;
                var name = edit.Name ?? chat.Name;
                var description = edit.Description ?? chat.Description;
                var isPublic = ChatRules.IsPublic(chat.Type, edit.Public ?? chat.Public);
                var may = ChatRules.Change(chat.Type, chat.Actor.MembersMay, edit.Permissions);
                var ownersPart = isPublic != chat.Public || may != chat.Actor.MembersMay;
                if (ChatRules.RefuseEdit(chat.Actor, ownersPart) is { } refusal)
                    return refusal;
                if (name == chat.Name && description == chat.Description && !ownersPart)
                    return new Changed<ChatSeen>(await SeenAsync(sql, chat, actor), null);

                await sql.ExecuteAsync(
                    "UPDATE chats SET name = @name, description = @description, public = @isPublic, members_may = @may WHERE no = @No",
                    new { name, description, isPublic, may = (long)may, chat.No });
                if (name != chat.Name || isPublic != chat.Public)
                {
                    await sql.ExecuteAsync("DELETE FROM chat_words WHERE chat_no = @No", new { chat.No });
                    if (isPublic)
                        await InsertWordsAsync(sql, chat.No, name);
                }

                var steps = new List<ChangeStep>();
                if (name != chat.Name)
                    steps.Add(await SqlSystemMessage.InsertAsync(sql, chat, actor, new SystemNote { Event = SystemEvents.ChatRenamed, Name = name }, now));
                chat.Rev++;
                await chat.SaveAsync(sql, now);
                var seen = await SeenAsync(sql, chat, actor);
                var change = chat.ToChange();
                change.Steps.AddRange(steps);
                change.Steps.Add(new ChatStep(chat.Rev, ChatView.Neutral(seen.Row)));
                return new Changed<ChatSeen>(seen, change);
            },
            cancellation);

    public Task<Result<ChatSettings>> ChangeSettingsAsync(UserId user, ChatId id, SettingsChange change, CancellationToken cancellation) =>
        database.WriteAsync<Result<ChatSettings>>(
            async sql => await sql.FindAsync<SettingsRow>(
                """
                UPDATE chat_members SET pinned = COALESCE(@Pinned, pinned), archived = COALESCE(@Archived, archived),
                    muted_until = CASE WHEN @setMuted THEN @muted ELSE muted_until END,
                    draft = CASE WHEN @setDraft THEN @draft ELSE draft END
                WHERE user_id = @user AND left_at IS NULL AND chat_no = (SELECT no FROM chats WHERE id = @id AND deleted_at IS NULL)
                RETURNING muted_until, pinned, archived, draft
                """,
                new
                {
                    user,
                    id,
                    change.Pinned,
                    change.Archived,
                    setMuted = change.MutedUntil.IsSet,
                    muted = change.MutedUntil.Value,
                    setDraft = change.Draft.IsSet,
                    draft = change.Draft.Value,
                }) is { } row
                ? new ChatSettings { ChatId = id, MutedUntil = row.MutedUntil, Pinned = row.Pinned, Archived = row.Archived, Draft = row.Draft }
                : NotFound,
            cancellation);

    private sealed record SettingsRow
    {
        public DateTimeOffset? MutedUntil { get; init; }

        public bool Pinned { get; init; }

        public bool Archived { get; init; }

        public string? Draft { get; init; }
    }
}
