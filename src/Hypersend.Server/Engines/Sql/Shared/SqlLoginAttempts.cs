using Hypersend.Server.Features.Accounts;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlLoginAttempts(SqlDatabase database) : ILoginAttempts
{
    public Task<TimeSpan?> TakeAsync(LoginAttempt attempt, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync<TimeSpan?>(
            async sql =>
            {
                // The insert makes the row to lock; of many first attempts at once, each waits for the one before.
                await sql.ExecuteAsync(
                    """
                    INSERT INTO login_failures (account_hash, network, failures, blocked_until, last_at)
                    VALUES (@AccountHash, @Network, 0, @now, @now) ON CONFLICT DO NOTHING
                    """,
                    new { attempt.AccountHash, attempt.Network, now });
                var row = await sql.FindAsync<FailureRow>(
                    "SELECT failures, blocked_until FROM login_failures WHERE account_hash = @AccountHash AND network = @Network" + sql.Dialect.ForUpdate,
                    attempt);

                // A wait longer than any that was imposed was counted by a clock that was ahead: nobody waits until that time comes.
                if (row!.BlockedUntil > now && row.BlockedUntil - now <= DelayAfter(row.Failures))
                    return row.BlockedUntil - now;

                var failures = row.Failures + 1;
                var blockedUntil = now + DelayAfter(failures);
                await sql.ExecuteAsync(
                    """
                    UPDATE login_failures SET failures = @failures, blocked_until = @blockedUntil, last_at = @now
                    WHERE account_hash = @AccountHash AND network = @Network
                    """,
                    new { attempt.AccountHash, attempt.Network, failures, blockedUntil, now });
                return null;
            },
            cancellation);

    public Task ForgetAsync(LoginAttempt attempt, CancellationToken cancellation) =>
        database.WriteAsync(sql => ForgetAsync(sql, attempt), cancellation);

    /// <summary>Part of a sign-in.</summary>
    public static Task ForgetAsync(SqlSession sql, LoginAttempt attempt) =>
        sql.ExecuteAsync("DELETE FROM login_failures WHERE account_hash = @AccountHash AND network = @Network", attempt);

    private static TimeSpan DelayAfter(long failures) => LoginDelay.After((int)Math.Min(failures, int.MaxValue));

    private sealed record FailureRow
    {
        public long Failures { get; init; }

        public DateTimeOffset BlockedUntil { get; init; }
    }
}
