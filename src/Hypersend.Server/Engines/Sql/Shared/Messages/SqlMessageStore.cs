using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed partial class SqlMessageStore(SqlDatabase database) : IMessageStore
{
    public int Lanes => database.Dialect.WriteLanes;

    public Task<Result<MessageSeen>> FindAsync(UserId viewer, MessageId id, CancellationToken cancellation) =>
        database.ReadAsync(
            async sql => await SqlMessages.FindVisibleAsync(sql, viewer, id) is { } row
                ? await SeenAsync(sql, row, viewer, id.Chat)
                : (Result<MessageSeen>)new Failure(ErrorCodes.NotFound),
            cancellation);

    public Task<Result<Done>> BookmarkAsync(UserId actor, MessageId id, bool on, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Done>>(
            async sql =>
            {
                if (await SqlMessages.FindVisibleAsync(sql, actor, id) is not { } row)
                    return new Failure(ErrorCodes.NotFound);
                if (!on)
                    await sql.ExecuteAsync("DELETE FROM bookmarks WHERE user_id = @actor AND message_key = @Key", new { actor, row.Key });
                else if (row.DeletedAt is not null)
                    return new Failure(ErrorCodes.MessageDeleted);
                else
                    await sql.ExecuteAsync("INSERT INTO bookmarks (user_id, message_key, at) VALUES (@actor, @Key, @now) ON CONFLICT DO NOTHING", new { actor, row.Key, now });
                return new Done();
            },
            cancellation);

    /// <summary>What a transaction found when it locked a message's chat on behalf of somebody.</summary>
    private sealed record LockedMessage(LockedChat Chat, MessageRow Row, string Role);

    /// <summary>The message under its chat's lock; a refusal when the actor may not even see it.</summary>
    private static async Task<Result<LockedMessage>> LockAsync(SqlSession sql, UserId actor, MessageId id, DateTimeOffset now)
    {
        if (await LockedChat.TakeAsync(sql, id.Chat, actor) is not { ActorRole: { } role } chat || id.Seq <= chat.ActorVisibleFrom)
            return new Failure(ErrorCodes.NotFound);
        if (await SqlMessages.FindAsync(sql, MessageKey.Of(chat.No, id.Seq)) is not { } row)
            return new Failure(ErrorCodes.NotFound);
        return row.DeletedAt is null && !(row.ExpiresAt <= now)
            ? new LockedMessage(chat, row, role)
            : new Failure(ErrorCodes.MessageDeleted);
    }

    /// <summary>Gives the changed message its new rev, saves the head and says what to tell the others.</summary>
    private static async Task<Changed<MessageSeen>> FinishAsync(
        SqlSession sql, LockedChat chat, long key, string type, UserId actor, DateTimeOffset now, ReactionChange? reaction = null)
    {
        await sql.ExecuteAsync("UPDATE messages SET rev_key = @revKey WHERE key = @key", new { revKey = chat.NextRevKey(), key });
        await chat.SaveAsync(sql, now);
        var row = (await SqlMessages.FindAsync(sql, key))!;
        var change = chat.ToChange();
        change.Steps.Add(new MessageStep(chat.Rev, type, row, reaction));
        return new Changed<MessageSeen>(await SeenAsync(sql, row, actor, chat.Id), change);
    }

    private static async Task<MessageSeen> SeenAsync(SqlSession sql, MessageRow row, UserId viewer, ChatId chat) =>
        (await SeenAsync(sql, [row], viewer, _ => chat))[0];

    /// <summary>Adds what is the viewer's own, with one query for all that have reactions and one for the bookmarks.</summary>
    internal static async Task<IReadOnlyList<MessageSeen>> SeenAsync(
        SqlSession sql, IReadOnlyList<MessageRow> rows, UserId viewer, Func<MessageRow, ChatId> chatOf)
    {
        if (rows.Count == 0)
            return [];
        long[] keys = [.. rows.Where(row => row.Reactions is not null).Select(row => row.Key)];
        var mine = keys.Length == 0 ? [] : await MyReactionsAsync(sql, keys, viewer);
        var kept = (await sql.ListAsync<long>(
            $"SELECT message_key FROM bookmarks WHERE user_id = @viewer AND message_key {sql.Dialect.In("keys")}",
            sql.Dialect.Keys([.. rows.Select(row => row.Key)], new { viewer }))).ToHashSet();
        return [.. rows.Select(row => new MessageSeen(row, chatOf(row), mine.GetValueOrDefault(row.Key), kept.Contains(row.Key)))];
    }

    /// <summary>What the viewer has put on each of these messages.</summary>
    internal static async Task<Dictionary<long, IReadOnlySet<string>>> MyReactionsAsync(SqlSession sql, IReadOnlyCollection<long> keys, UserId viewer) =>
        (await sql.ListAsync<ReactionRow>(
            $"SELECT message_key, emoji FROM reactions WHERE message_key {sql.Dialect.In("keys")} AND user_id = @viewer",
            sql.Dialect.Keys(keys, new { viewer }))).ToLookup(reaction => reaction.MessageKey, reaction => reaction.Emoji)
            .ToDictionary(group => group.Key, IReadOnlySet<string> (group) => group.ToHashSet(StringComparer.Ordinal));

    private sealed record ReactionRow
    {
        public long MessageKey { get; init; }

        public string Emoji { get; init; } = "";
    }
}
