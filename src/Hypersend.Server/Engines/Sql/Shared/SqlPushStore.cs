using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Push;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed partial class SqlPushStore(SqlDatabase database) : IPushStore
{
    private const string Columns = "p.id, p.user_id, p.session_id, p.endpoint, p.p256dh, p.auth";

    private const string Alive = "JOIN sessions s ON s.id = p.session_id AND s.expires_at > @now";

    private const string Select = $"SELECT {Columns}, p.created_at, p.reached_at, p.failed_at, p.failure FROM push_subscriptions p {Alive}";

    public Task<SubscriptionRow> AddAsync(NewSubscription subscription, int mostOfOne, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                var (id, user, session, endpoint, keys) = subscription;

                // Locked, so that a person's devices are counted one after the other.
                await sql.FindAsync<long>("SELECT 1 FROM users WHERE id = @user" + sql.Dialect.ForUpdate, new { user });
                foreach (var same in await sql.ListAsync<SubscriptionId>("SELECT id FROM push_subscriptions WHERE session_id = @session OR endpoint = @endpoint", new { session, endpoint }))
                    await EndAsync(sql, same);
                var before = await sql.ListAsync<SubscriptionId>(
                    "SELECT id FROM push_subscriptions WHERE user_id = @user ORDER BY COALESCE(reached_at, created_at) DESC, id DESC", new { user });
                foreach (var old in before.Skip(mostOfOne - 1))
                    await EndAsync(sql, old);
                await sql.ExecuteAsync(
                    """
                    INSERT INTO push_subscriptions (id, user_id, session_id, endpoint, p256dh, auth, created_at, refusals)
                    VALUES (@id, @user, @session, @endpoint, @P256dh, @Auth, @now, 0)
                    """,
                    new { id, user, session, endpoint, keys.P256dh, keys.Auth, now });
                return new SubscriptionRow
                {
                    Id = id,
                    UserId = user,
                    SessionId = session,
                    Endpoint = endpoint,
                    P256dh = keys.P256dh,
                    Auth = keys.Auth,
                    CreatedAt = now,
                };
            },
            cancellation);

    public Task<IReadOnlyList<SubscriptionRow>> ListAsync(UserId user, DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.ListAsync<SubscriptionRow>(Select + " WHERE p.user_id = @user ORDER BY p.id DESC", new { user, now }), cancellation);

    public Task<bool> DeleteAsync(UserId user, SubscriptionId id, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                if (await sql.FindAsync<SubscriptionId?>("SELECT id FROM push_subscriptions WHERE id = @id AND user_id = @user", new { id, user }) is null)
                    return false;
                await EndAsync(sql, id);
                return true;
            },
            cancellation);

    public Task<bool> AnyAsync(CancellationToken cancellation) =>
        database.ReadAsync(async sql => await sql.FindAsync<long?>("SELECT 1 FROM push_subscriptions LIMIT 1") is not null, cancellation);

    public Task<bool> IsThereAsync(SubscriptionId id, DateTimeOffset now, CancellationToken cancellation) =>
        IsAnyAsync($"SELECT 1 FROM push_subscriptions p {Alive} WHERE p.id = @id", new { id, now }, cancellation);

    public Task<bool> IsWantedAsync(SubscriptionId id, long chatNo, long seq, long rev, DateTimeOffset now, CancellationToken cancellation) =>
        IsAnyAsync(
            $"""
            SELECT 1 FROM push_subscriptions p {Alive}
                JOIN chat_members m ON m.chat_no = @chatNo AND m.user_id = p.user_id AND m.left_at IS NULL AND m.read_seq < @seq AND m.visible_from < @seq
                JOIN chats c ON c.no = m.chat_no AND c.deleted_at IS NULL
                JOIN messages x ON x.key = @key AND x.rev_key = @revKey AND x.deleted_at IS NULL AND (x.expires_at IS NULL OR x.expires_at > @now)
            WHERE p.id = @id
            """,
            new { id, chatNo, seq, key = MessageKey.Of(chatNo, seq), revKey = MessageKey.Of(chatNo, rev), now },
            cancellation);

    public Task<bool> MayClearAsync(SubscriptionId id, long chatNo, long seq, DateTimeOffset now, CancellationToken cancellation) =>
        IsAnyAsync(
            $"""
            SELECT 1 FROM push_subscriptions p {Alive}
            WHERE p.id = @id AND NOT EXISTS (SELECT 1 FROM push_shown k WHERE k.subscription_id = p.id AND k.chat_no = @chatNo AND k.seq > @seq)
            """,
            new { id, chatNo, seq, now },
            cancellation);

    // What is over is asked for afterwards and apart: who reads or deletes meanwhile either finds the row, or is found.
    public async Task<bool> ReachedAsync(SubscriptionId id, long? chatNo, long seq, DateTimeOffset now, CancellationToken cancellation) =>
        await database.WriteAsync(
            async sql =>
            {
                if (await sql.ExecuteAsync(
                    "UPDATE push_subscriptions SET reached_at = @now, failed_at = NULL, failure = NULL, refusals = 0 WHERE id = @id", new { id, now }) == 0 || chatNo is null)
                    return false;
                await sql.ExecuteAsync(
                    """
                    INSERT INTO push_shown (subscription_id, chat_no, seq, at) VALUES (@id, @chatNo, @seq, @now)
                    ON CONFLICT (subscription_id, chat_no) DO UPDATE SET seq = excluded.seq, at = excluded.at WHERE push_shown.seq < excluded.seq
                    """,
                    new { id, chatNo, seq, now });
                return true;
            },
            cancellation) &&
        await IsAnyAsync(
            """
            SELECT 1 FROM push_subscriptions p JOIN chat_members m ON m.user_id = p.user_id AND m.chat_no = @chatNo
                LEFT JOIN messages x ON x.key = @key AND x.deleted_at IS NULL
            WHERE p.id = @id AND (m.read_seq >= @seq OR x.key IS NULL)
            """,
            new { id, chatNo, seq, key = MessageKey.Of(chatNo!.Value, seq) },
            cancellation);

    public Task FailedAsync(SubscriptionId id, string failure, bool isRefusal, int mostRefusals, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                await sql.ExecuteAsync(
                    "UPDATE push_subscriptions SET failed_at = @now, failure = @failure, refusals = refusals + @more WHERE id = @id",
                    new { id, failure, more = isRefusal ? 1 : 0, now });
                if (isRefusal && await sql.FindAsync<SubscriptionId?>("SELECT id FROM push_subscriptions WHERE id = @id AND refusals >= @mostRefusals", new { id, mostRefusals }) is not null)
                    await EndAsync(sql, id);
            },
            cancellation);

    public Task EndAsync(SubscriptionId id, CancellationToken cancellation) => database.WriteAsync(sql => EndAsync(sql, id), cancellation);

    public Task SweepAsync(DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                await sql.ExecuteAsync(
                    "DELETE FROM push_subscriptions WHERE NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = push_subscriptions.session_id AND s.expires_at > @now)", new { now });
                await sql.ExecuteAsync("DELETE FROM push_shown WHERE NOT EXISTS (SELECT 1 FROM push_subscriptions p WHERE p.id = push_shown.subscription_id)");
            },
            cancellation);

    private Task<bool> IsAnyAsync(string query, object values, CancellationToken cancellation) =>
        database.ReadAsync(async sql => await sql.FindAsync<long?>(query, values) is not null, cancellation);

    private static async Task EndAsync(SqlSession sql, SubscriptionId id)
    {
        await sql.ExecuteAsync("DELETE FROM push_shown WHERE subscription_id = @id", new { id });
        await sql.ExecuteAsync("DELETE FROM push_subscriptions WHERE id = @id", new { id });
    }
}
