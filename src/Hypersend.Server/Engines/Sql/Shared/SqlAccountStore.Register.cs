using Hypersend.Contracts.Errors;
using Hypersend.Server.Features.Accounts;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Registration: the gate, the names, the account and its first session in one commit.</summary>
internal sealed partial class SqlAccountStore
{
    public Task<Registration> RegisterAsync(NewAccount account, NewSession? session, RegistrationGate gate, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                // One registration at a time: "is this the first account" must not be true for two at once.
                await sql.ExecuteAsync("INSERT INTO server_state (key, value) VALUES ('registration', '') ON CONFLICT DO NOTHING");
                await sql.FindAsync<string>("SELECT key FROM server_state WHERE key = 'registration'" + sql.Dialect.ForUpdate);

                var (verdict, needsInvite) = RegistrationRules.Decide(gate, await AnyAsync(sql, "1 = 1"), await AnyAsync(sql, "role = 'admin' AND deleted_at IS NULL"));
                if (verdict.Role is not { } role)
                    return verdict;
                if (await AnyAsync(sql, "username_key = @UsernameKey", account))
                    return Registration.Refused(ErrorCodes.UsernameTaken);
                if (await AnyAsync(sql, "email_key = @EmailKey", account))
                    return Registration.Refused(ErrorCodes.EmailTaken);
                if (needsInvite && !await TakeInviteAsync(sql, gate.InviteHash!, account.CreatedAt))
                    return Registration.Refused(ErrorCodes.InvalidInvite);

                await InsertAsync(sql, account, role);
                if (session is not null)
                    await SqlSessionStore.InsertAsync(sql, session);
                return verdict;
            },
            cancellation);

    private static async Task<bool> AnyAsync(SqlSession sql, string condition, NewAccount? account = null) =>
        await sql.FindAsync<string>("SELECT username FROM users WHERE " + condition + " LIMIT 1", account) is not null;

    private static async Task<bool> TakeInviteAsync(SqlSession sql, byte[] inviteHash, DateTimeOffset now) =>
        await sql.ExecuteAsync(
            "UPDATE registration_invites SET uses = uses + 1 WHERE token_hash = @inviteHash AND uses < max_uses AND expires_at > @now",
            new { inviteHash, now }) > 0;

    private static async Task InsertAsync(SqlSession sql, NewAccount account, string role)
    {
        await sql.ExecuteAsync(
            """
            INSERT INTO users (id, username, username_key, email, email_key, name, bio, role, disabled, last_seen, last_seen_audience,
                settings, password_hash, totp_last_step, created_at)
            VALUES (@Id, @Username, @UsernameKey, @Email, @EmailKey, @Name, '', @role, @disabled, @CreatedAt, 'everyone',
                '{}', @PasswordHash, 0, @CreatedAt)
            """,
            new
            {
                account.Id,
                account.Username,
                account.UsernameKey,
                account.Email,
                account.EmailKey,
                account.Name,
                role,
                disabled = false,
                account.PasswordHash,
                account.CreatedAt,
            });
        await SqlUserStore.InsertWordsAsync(sql, account.Id, account.Words);
        await SqlChatStore.InsertSavedAsync(sql, account.Id, account.CreatedAt);
    }
}
