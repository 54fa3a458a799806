using Hypersend.Server.Platform.Turns;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <inheritdoc/>
internal sealed class SqlTurnLedger(SqlDatabase database, ThisNode node) : ITurnLedger
{
    // Other leases have names of their own.
    private const string Prefix = "turn:";

    // Who it is, in which life, and which of its works: so that an earlier life of this server is known from others.
    private readonly string _server = $"{node.Id:N} ";
    private readonly string _life = $"{node.Id:N} {node.Life:N} ";

    public Task<bool> TakeAsync(string name, Guid holder, TimeSpan length, CancellationToken cancellation) => database.WriteAsync(
        async sql => await sql.ExecuteAsync(
            $"""
            INSERT INTO leases (name, holder, until_at) VALUES (@name, @holder, {sql.Dialect.Now} + @length)
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at
            WHERE leases.holder = excluded.holder OR leases.until_at <= {sql.Dialect.Now} OR (leases.holder LIKE @server AND leases.holder NOT LIKE @life)
            """,
            new { name = Prefix + name, holder = HolderOf(holder), server = _server + "%", life = _life + "%", length = (long)length.TotalMilliseconds }) > 0,
        cancellation);

    public Task EndAsync(string name, Guid holder, CancellationToken cancellation) => database.WriteAsync(
        sql => sql.ExecuteAsync("DELETE FROM leases WHERE name = @name AND holder = @holder", new { name = Prefix + name, holder = HolderOf(holder) }), cancellation);

    private string HolderOf(Guid work) => $"{_life}{work:N}";
}
