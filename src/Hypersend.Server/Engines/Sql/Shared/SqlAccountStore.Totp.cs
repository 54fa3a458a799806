using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Accounts;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>Two-step verification: every step and every recovery code is used up by the row it changes.</summary>
internal sealed partial class SqlAccountStore
{
    public Task SetPendingTotpAsync(UserId id, string sealedSecret, CancellationToken cancellation) =>
        database.WriteAsync(
            sql => sql.ExecuteAsync("UPDATE users SET totp_pending = @sealedSecret WHERE id = @id AND totp_secret IS NULL", new { id, sealedSecret }),
            cancellation);

    public Task<bool> EnableTotpAsync(UserId id, string sealedSecret, long step, IReadOnlyList<byte[]> codeHashes, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                var enabled = await sql.ExecuteAsync(
                    """
                    UPDATE users SET totp_secret = totp_pending, totp_pending = NULL, totp_last_step = @step
                    WHERE id = @id AND totp_secret IS NULL AND totp_pending = @sealedSecret
                    """,
                    new { id, sealedSecret, step });
                if (enabled == 0)
                    return false;
                await sql.ExecuteAsync("DELETE FROM recovery_codes WHERE user_id = @id", new { id });
                foreach (var codeHash in codeHashes)
                    await sql.ExecuteAsync("INSERT INTO recovery_codes (user_id, code_hash) VALUES (@id, @codeHash)", new { id, codeHash });
                return true;
            },
            cancellation);

    public Task DisableTotpAsync(UserId id, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql =>
            {
                await sql.ExecuteAsync("UPDATE users SET totp_secret = NULL, totp_pending = NULL WHERE id = @id", new { id });
                await sql.ExecuteAsync("DELETE FROM recovery_codes WHERE user_id = @id", new { id });
            },
            cancellation);

    public Task<bool> TakeTotpStepAsync(UserId id, long step, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql => await sql.ExecuteAsync(
                "UPDATE users SET totp_last_step = @step WHERE id = @id AND (totp_last_step < @step OR totp_last_step > @ahead)",
                new { id, step, ahead = step + Totp.FarAhead }) > 0,
            cancellation);

    public Task<bool> TakeRecoveryCodeAsync(UserId id, byte[] codeHash, CancellationToken cancellation) =>
        database.WriteAsync(
            async sql => await sql.ExecuteAsync(
                "DELETE FROM recovery_codes WHERE user_id = @id AND code_hash = @codeHash", new { id, codeHash }) > 0,
            cancellation);
}
