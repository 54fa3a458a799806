using Hypersend.Server.Features.Accounts;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Registrations that wait for their mail to be answered.</summary>
internal sealed partial class SqlAccountStore
{
    public Task AddPendingAsync(PendingAccount pending, CancellationToken cancellation) =>
        database.WriteAsync(
            sql => sql.ExecuteAsync(
                """
                INSERT INTO pending_accounts (token_hash, username, email, name, password_hash, invite_hash, expires_at)
                VALUES (@TokenHash, @Username, @Email, @Name, @PasswordHash, @InviteHash, @ExpiresAt)
                """,
                pending),
            cancellation);

    public Task<PendingAccount?> TakePendingAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            sql => sql.FindAsync<PendingAccount>(
                """
                DELETE FROM pending_accounts WHERE token_hash = @tokenHash AND expires_at > @now
                RETURNING token_hash, username, email, name, password_hash, invite_hash, expires_at
                """,
                new { tokenHash, now }),
            cancellation);
}
