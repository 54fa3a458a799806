using Hypersend.Server.Features.Files;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlBackupLease(SqlDatabase database) : IBackupLease
{
    public Task<bool> IsHeldAsync(CancellationToken cancellation) => database.ReadAsync(
        async sql => await sql.FindAsync<long?>($"SELECT until_at FROM leases WHERE name = 'backup' AND until_at > {sql.Dialect.Now}") is not null, cancellation);

    public Task<bool> TakeAsync(string holder, TimeSpan length, CancellationToken cancellation) => database.WriteAsync(
        async sql => await sql.ExecuteAsync(
            $"""
            INSERT INTO leases (name, holder, until_at) VALUES ('backup', @holder, {sql.Dialect.Now} + @length)
            ON CONFLICT (name) DO UPDATE SET holder = @holder, until_at = {sql.Dialect.Now} + @length WHERE leases.holder = @holder OR leases.until_at <= {sql.Dialect.Now}
            """,
            new { holder, length = (long)length.TotalMilliseconds }) > 0,
        cancellation);

    public Task EndAsync(string holder, CancellationToken cancellation) => database.WriteAsync(
        sql => sql.ExecuteAsync("DELETE FROM leases WHERE name = 'backup' AND holder = @holder", new { holder }), cancellation);
}
