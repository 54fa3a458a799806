using System.Text.Json;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Previews;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlPreviewStore(SqlDatabase database) : IPreviewStore
{
    public Task<KnownPage?> FindAsync(byte[] urlHash, DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync(
            async sql => await sql.FindAsync<PageRow>("SELECT card, image_id FROM link_previews WHERE url_hash = @urlHash AND expires_at > @now", new { urlHash, now }) is { } row
                ? new KnownPage(Read(row.Card), row.ImageId)
                : null,
            cancellation);

    public Task KeepAsync(byte[] urlHash, KnownPage page, PreviewImage? image, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                if (image is not null)
                    await sql.ExecuteAsync("INSERT INTO preview_images (id, mime, bytes, created_at) VALUES (@Id, @Mime, @Bytes, @now)", new { image.Id, image.Mime, image.Bytes, now });
                await sql.ExecuteAsync(
                    """
                    INSERT INTO link_previews (url_hash, card, image_id, expires_at) VALUES (@urlHash, @card, @ImageId, @until)
                    ON CONFLICT (url_hash) DO UPDATE SET card = excluded.card, image_id = excluded.image_id, expires_at = excluded.expires_at
                    """,
                    new { urlHash, card = page.Card is null ? null : Write(page.Card), page.ImageId, until });
            },
            cancellation);

    public Task<PreviewImage?> FindImageAsync(Guid id, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.FindAsync<PreviewImage>("SELECT id, mime, bytes FROM preview_images WHERE id = @id", new { id }), cancellation);

    public Task<bool> IsWantedAsync(long messageKey, CancellationToken cancellation) =>
        database.ReadAsync(
            async sql => await sql.FindAsync<long?>(
                "SELECT key FROM messages WHERE key = @messageKey AND deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM no_previews WHERE message_key = @messageKey)",
                new { messageKey }) is not null,
            cancellation);

    public Task<ChatChange?> AttachAsync(long messageKey, LinkPreview preview, Guid? image, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<ChatChange?>(
            async sql =>
            {
                if (await LockedChat.TakeAsync(sql, MessageKey.ChatOf(messageKey), default) is not { } chat ||
                    await SqlMessages.FindAsync(sql, messageKey) is not { DeletedAt: null } row || row.ExpiresAt <= now ||
                    LinkFinder.First(row.Content) != preview.Url || row.Preview == Write(preview) ||
                    await sql.FindAsync<long?>("SELECT message_key FROM no_previews WHERE message_key = @messageKey", new { messageKey }) is not null)
                    return null;
                await sql.ExecuteAsync("UPDATE messages SET preview = @card WHERE key = @messageKey", new { card = Write(preview), messageKey });
                await sql.ExecuteAsync("DELETE FROM preview_uses WHERE message_key = @messageKey", new { messageKey });
                if (image is not null)
                    await sql.ExecuteAsync("INSERT INTO preview_uses (message_key, image_id) VALUES (@messageKey, @image)", new { messageKey, image });
                return await FinishAsync(sql, chat, messageKey, now);
            },
            cancellation);

    public Task<Result<Changed<Done>>> RemoveAsync(UserId actor, MessageId id, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<Result<Changed<Done>>>(
            async sql =>
            {
                if (await LockedChat.TakeAsync(sql, id.Chat, actor) is not { ActorRole: { } role } chat || id.Seq <= chat.ActorVisibleFrom ||
                    await SqlMessages.FindAsync(sql, MessageKey.Of(chat.No, id.Seq)) is not { } row)
                    return new Failure(ErrorCodes.NotFound);
                if (row.Type == MessageTypes.System || !MessageRights.MayDelete(row.SenderId == actor, role))
                    return new Failure(ErrorCodes.Forbidden);
                if (row.DeletedAt is null)
                    await sql.ExecuteAsync("INSERT INTO no_previews (message_key) VALUES (@Key) ON CONFLICT DO NOTHING", new { row.Key });
                if (row.Preview is null)
                    return new Changed<Done>(new Done(), null);
                await sql.ExecuteAsync("UPDATE messages SET preview = NULL WHERE key = @Key", new { row.Key });
                await sql.ExecuteAsync("DELETE FROM preview_uses WHERE message_key = @Key", new { row.Key });
                return new Changed<Done>(new Done(), await FinishAsync(sql, chat, row.Key, now));
            },
            cancellation);

    public Task SweepAsync(DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                await sql.ExecuteAsync("DELETE FROM link_previews WHERE expires_at <= @now", new { now });

                // An hour, so that none goes between its fetching and its message.
                await sql.ExecuteAsync(
                    """
                    DELETE FROM preview_images WHERE created_at < @old
                        AND NOT EXISTS (SELECT 1 FROM preview_uses u WHERE u.image_id = preview_images.id)
                        AND NOT EXISTS (SELECT 1 FROM link_previews l WHERE l.image_id = preview_images.id)
                    """,
                    new { old = now.AddHours(-1) });
            },
            cancellation);

    private static async Task<ChatChange> FinishAsync(SqlSession sql, LockedChat chat, long key, DateTimeOffset now)
    {
        await sql.ExecuteAsync("UPDATE messages SET rev_key = @revKey WHERE key = @key", new { revKey = chat.NextRevKey(), key });
        await chat.SaveAsync(sql, now);
        var change = chat.ToChange();
        change.Steps.Add(new MessageStep(chat.Rev, EventTypes.MessageUpdated, (await SqlMessages.FindAsync(sql, key))!));
        return change;
    }

    private static string Write(LinkPreview card) => JsonSerializer.Serialize(card, StoredJson.Default.LinkPreview);

    private static LinkPreview? Read(string? card) => card is null ? null : JsonSerializer.Deserialize(card, StoredJson.Default.LinkPreview);

    private sealed record PageRow
    {
        public string? Card { get; init; }

        public Guid? ImageId { get; init; }
    }
}
