using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Platform.Auth;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlSessionStore(SqlDatabase database) : ISessionStore
{
    public Task OpenAsync(NewSession session, LoginAttempt? succeeded, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                await InsertAsync(sql, session);
                if (succeeded is not null)
                    await SqlLoginAttempts.ForgetAsync(sql, succeeded);
            },
            cancellation);

    public Task<SessionState?> FindAsync(SessionId id, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.FindAsync<SessionState>(
                """
                SELECT s.id, s.user_id, s.expires_at, u.role, u.disabled
                FROM sessions s JOIN users u ON u.id = s.user_id
                WHERE s.id = @id AND u.deleted_at IS NULL
                """,
                new { id }),
            cancellation);

    public Task<RefreshState?> FindRefreshAsync(SessionId id, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.FindAsync<RefreshState>(
                """
                SELECT s.user_id, s.expires_at, s.generation, s.refresh_hash, s.next_refresh_hash, u.role, u.disabled
                FROM sessions s JOIN users u ON u.id = s.user_id
                WHERE s.id = @id AND u.deleted_at IS NULL
                """,
                new { id }),
            cancellation);

    public Task<bool> RotateAsync(
        SessionId id, long fromGeneration, byte[] hash, byte[] nextHash, DateTimeOffset expiresAt, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql => await sql.ExecuteAsync(
                """
                UPDATE sessions
                SET generation = generation + 1, refresh_hash = @hash, next_refresh_hash = @nextHash, expires_at = @expiresAt, last_used_at = @now
                WHERE id = @id AND generation = @fromGeneration
                """,
                new { id, fromGeneration, hash, nextHash, expiresAt, now }) > 0,
            cancellation);

    public Task ProlongAsync(SessionId id, DateTimeOffset expiresAt, CancellationToken cancellation) =>
        database.WriteAsync(
            sql => sql.ExecuteAsync("UPDATE sessions SET expires_at = @expiresAt WHERE id = @id AND expires_at < @expiresAt", new { id, expiresAt }), cancellation);

    public Task<IReadOnlyList<SessionRow>> ListAsync(UserId user, DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.ListAsync<SessionRow>(
                """
                SELECT id, created_at, last_used_at, expires_at, address, user_agent
                FROM sessions WHERE user_id = @user AND expires_at > @now
                ORDER BY last_used_at DESC, id DESC
                """,
                new { user, now }),
            cancellation);

    public Task<bool> EndAsync(UserId user, SessionId id, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                if (await sql.ExecuteAsync("DELETE FROM sessions WHERE id = @id AND user_id = @user", new { id, user }) == 0)
                    return false;
                await RevokeAsync(sql, user, id, now);
                return true;
            },
            cancellation);

    public Task EndAllAsync(UserId user, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(sql => EndAllAsync(sql, user, keep: null, now), cancellation);

    public Task<bool> SpendTicketAsync(byte[] nonce, DateTimeOffset expiresAt, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql => await sql.ExecuteAsync(
                "INSERT INTO spent_tickets (nonce, expires_at) VALUES (@nonce, @expiresAt) ON CONFLICT DO NOTHING", new { nonce, expiresAt }) > 0,
            cancellation);

    public Task<IReadOnlyList<Revocation>> RevokedSinceAsync(DateTimeOffset since, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.ListAsync<Revocation>("SELECT id, user_id, session_id FROM revocations WHERE at > @since", new { since }),
            cancellation);

    public Task TouchAsync(IReadOnlyList<SessionUse> uses, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                // In id order, so that two nodes that touch the same people lock them in the same order.
                foreach (var use in uses.OrderBy(use => use.Id.Value))
                    await sql.ExecuteAsync("UPDATE sessions SET last_used_at = @At WHERE id = @Id AND last_used_at < @At", use);
                foreach (var use in uses.Where(use => !use.IsHidden).GroupBy(use => use.UserId).OrderBy(group => group.Key.Value))
                    await sql.ExecuteAsync("UPDATE users SET last_seen = @at WHERE id = @Key AND last_seen < @at", new { use.Key, at = use.Max(one => one.At) });
            },
            cancellation);

    /// <summary>Part of a registration or a sign-in.</summary>
    public static Task InsertAsync(SqlSession sql, NewSession session) => sql.ExecuteAsync(
        """
        INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, address, user_agent, generation, refresh_hash, next_refresh_hash)
        VALUES (@Id, @UserId, @CreatedAt, @CreatedAt, @ExpiresAt, @Address, @UserAgent, 0, @RefreshHash, @NextRefreshHash)
        """,
        session);

    /// <summary>Part of whatever ends a person's sessions: all, or all but one.</summary>
    public static async Task EndAllAsync(SqlSession sql, UserId user, SessionId? keep, DateTimeOffset now)
    {
        var kept = keep ?? new SessionId(Guid.Empty);
        await sql.ExecuteAsync("DELETE FROM sessions WHERE user_id = @user AND id <> @kept", new { user, kept });
        await RevokeAsync(sql, user, null, now);
    }

    /// <summary>Tells every node to read the session, or all of the user's, again.</summary>
    public static Task RevokeAsync(SqlSession sql, UserId user, SessionId? session, DateTimeOffset now) => sql.ExecuteAsync(
        "INSERT INTO revocations (id, at, user_id, session_id) VALUES (@id, @now, @user, @session)",
        new { id = Guid.CreateVersion7(now), now, user, session });
}
