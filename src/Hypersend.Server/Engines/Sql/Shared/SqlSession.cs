using System.Data.Common;
using Dapper;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>A connection for the length of one read or one transaction. Queries are Dapper's, the SQL is in sight.</summary>
internal sealed class SqlSession(DbConnection connection, DbTransaction? transaction, SqlDialect dialect, CancellationToken cancellation)
{
    private volatile bool _over;

    public SqlDialect Dialect => dialect;

    public Task<int> ExecuteAsync(string sql, object? values = null) => connection.ExecuteAsync(Command(sql, values));

    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? values = null) =>
        (await connection.QueryAsync<T>(Command(sql, values))).AsList();

    public Task<T?> FindAsync<T>(string sql, object? values = null) => connection.QueryFirstOrDefaultAsync<T>(Command(sql, values));

    public Task<T?> ScalarAsync<T>(string sql, object? values = null) => connection.ExecuteScalarAsync<T>(Command(sql, values));

    /// <summary>The work is over. Whoever kept the session, or still runs, must not reach a connection that serves others by now.</summary>
    public void End() => _over = true;

    private CommandDefinition Command(string sql, object? values)
    {
        if (_over)
            throw new InvalidOperationException("This session's read or transaction is over.");
        (connection as IPreparedStatements)?.Expect(sql);
        return new CommandDefinition(sql, values, transaction, cancellationToken: cancellation);
    }
}
