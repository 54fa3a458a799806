using System.Data.Common;
using Dapper;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>A connection for the length of one read or one transaction. Queries are Dapper's, the SQL is in sight.</summary>
internal class SqlSession(DbConnection connection, DbTransaction? transaction, SqlDialect dialect, CancellationToken cancellation)
{
    private volatile bool _over;

    public SqlDialect Dialect => dialect;

    /// <summary>For the statements of one engine alone, which need more than Dapper offers.</summary>
    public DbConnection Connection
    {
        get
        {
            if (_over)
                throw Over();
            OnStatement();
            return connection;
        }
    }

    public DbTransaction? Transaction => transaction;

    public CancellationToken Cancellation => cancellation;

    public Task<int> ExecuteAsync(string sql, object? values = null) => connection.ExecuteAsync(Command(sql, values));

    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? values = null) =>
        (await connection.QueryAsync<T>(Command(sql, values))).AsList();

    /// <summary>Rows that hold two things side by side; <paramref name="splitOn"/> names the first column of the second.</summary>
    public async Task<IReadOnlyList<TRow>> ListAsync<T1, T2, TRow>(string sql, object values, string splitOn, Func<T1, T2, TRow> join) =>
        (await connection.QueryAsync(Command(sql, values), join, splitOn)).AsList();

    /// <summary>Rows that hold three things side by side; <paramref name="splitOn"/> names the first columns of the second and the third.</summary>
    public async Task<IReadOnlyList<TRow>> ListAsync<T1, T2, T3, TRow>(string sql, object values, string splitOn, Func<T1, T2?, T3?, TRow> join) =>
        (await connection.QueryAsync<T1, T2?, T3?, TRow>(Command(sql, values), join, splitOn)).AsList();

    /// <summary>The rows themselves, for what is worth reading by hand.</summary>
    public Task<DbDataReader> ReadAsync(string sql, object? values = null) => connection.ExecuteReaderAsync(Command(sql, values));

    public Task<T?> FindAsync<T>(string sql, object? values = null) => connection.QueryFirstOrDefaultAsync<T>(Command(sql, values));

    public Task<T?> ScalarAsync<T>(string sql, object? values = null) => connection.ExecuteScalarAsync<T>(Command(sql, values));

    /// <summary>The work is over. Whoever kept the session, or still runs, must not reach a connection that serves others by now.</summary>
    public void End() => _over = true;

    /// <summary>Whatever goes to the database passes here first; the fault tests let it fail at each of these moments.</summary>
    protected virtual void OnStatement()
    {
    }

    private CommandDefinition Command(string sql, object? values)
    {
        if (_over)
            throw Over();
        OnStatement();
        (connection as IPreparedStatements)?.Expect(sql);
        return new CommandDefinition(sql, values, transaction, cancellationToken: cancellation);
    }

    private static InvalidOperationException Over() => new("This session's read or transaction is over.");
}
