using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Accounts;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed partial class SqlAccountStore(SqlDatabase database) : IAccountStore
{
    private const string SelectCredentials =
        """
        SELECT u.id, u.username, u.email, u.password_hash, u.disabled, u.totp_secret, u.totp_pending, u.totp_last_step
        FROM users u
        """;

    public Task<Credentials?> FindByLoginAsync(string loginKey, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.FindAsync<Credentials>(
                loginKey.Contains('@', StringComparison.Ordinal)
                    ? SelectCredentials + " WHERE u.email_key = @loginKey AND u.deleted_at IS NULL"
                    : SelectCredentials + " WHERE u.username_key = @loginKey AND u.deleted_at IS NULL",
                new { loginKey }),
            cancellation);

    public Task<Credentials?> FindAsync(UserId id, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.FindAsync<Credentials>(SelectCredentials + " WHERE u.id = @id AND u.deleted_at IS NULL", new { id }),
            cancellation);

    public Task RehashAsync(UserId id, string oldHash, string newHash, CancellationToken cancellation) =>
        database.WriteAsync(
            sql => sql.ExecuteAsync(
                "UPDATE users SET password_hash = @newHash WHERE id = @id AND password_hash = @oldHash", new { id, oldHash, newHash }),
            cancellation);

    public Task ChangePasswordAsync(UserId id, string hash, SessionId? keep, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                await sql.ExecuteAsync("UPDATE users SET password_hash = @hash WHERE id = @id AND deleted_at IS NULL", new { id, hash });
                await sql.ExecuteAsync("DELETE FROM password_resets WHERE user_id = @id", new { id });
                await SqlSessionStore.EndAllAsync(sql, id, keep, now);
            },
            cancellation);

    public Task<bool> AddResetAsync(UserId id, byte[] tokenHash, DateTimeOffset expiresAt, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                // One at a time for one person, or of several at once each would find none before it.
                var justNow = expiresAt - TimeSpan.FromMinutes(1);
                if (await sql.FindAsync<string>("SELECT username FROM users WHERE id = @id AND deleted_at IS NULL" + sql.Dialect.ForUpdate, new { id }) is null)
                    return false;
                if (await sql.ScalarAsync<long>("SELECT COUNT(*) FROM password_resets WHERE user_id = @id AND expires_at > @justNow AND expires_at <= @expiresAt", new { id, justNow, expiresAt }) > 0)
                    return false;
                await sql.ExecuteAsync(
                    "INSERT INTO password_resets (token_hash, user_id, expires_at) VALUES (@tokenHash, @id, @expiresAt)",
                    new { tokenHash, id, expiresAt });
                return true;
            },
            cancellation);

    public Task<Credentials?> FindByResetAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync(
            sql => sql.FindAsync<Credentials>(
                SelectCredentials +
                " JOIN password_resets r ON r.user_id = u.id WHERE r.token_hash = @tokenHash AND r.expires_at > @now AND u.deleted_at IS NULL",
                new { tokenHash, now }),
            cancellation);

    public Task<UserId?> RedeemResetAsync(byte[] tokenHash, string hash, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                // The delete is the claim: of two requests with one token, one finds the row.
                var user = await sql.FindAsync<UserId?>(
                    "DELETE FROM password_resets WHERE token_hash = @tokenHash AND expires_at > @now RETURNING user_id", new { tokenHash, now });
                if (user is not { } id)
                    return null;
                await sql.ExecuteAsync("UPDATE users SET password_hash = @hash WHERE id = @id AND deleted_at IS NULL", new { id, hash });
                await sql.ExecuteAsync("DELETE FROM password_resets WHERE user_id = @id", new { id });
                await SqlSessionStore.EndAllAsync(sql, id, keep: null, now);
                return user;
            },
            cancellation);

    public Task SweepAsync(DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                var dayAgo = now.AddDays(-1);
                var hourAgo = now.AddHours(-1);
                await sql.ExecuteAsync("DELETE FROM sessions WHERE expires_at < @now", new { now });
                await sql.ExecuteAsync("DELETE FROM password_resets WHERE expires_at < @now", new { now });
                await sql.ExecuteAsync("DELETE FROM pending_accounts WHERE expires_at < @now", new { now });
                await sql.ExecuteAsync("DELETE FROM spent_tickets WHERE expires_at < @hourAgo", new { hourAgo });
                await sql.ExecuteAsync("DELETE FROM login_failures WHERE last_at < @dayAgo", new { dayAgo });
                await sql.ExecuteAsync("DELETE FROM revocations WHERE at < @hourAgo", new { hourAgo });
                await sql.ExecuteAsync("DELETE FROM registration_invites WHERE expires_at < @dayAgo", new { dayAgo });
            },
            cancellation);
}
