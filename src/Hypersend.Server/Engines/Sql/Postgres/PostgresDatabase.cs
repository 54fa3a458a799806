using System.Data.Common;
using System.Diagnostics;
using System.Security.Cryptography;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Platform.Problems;
using Npgsql;

namespace Hypersend.Server.Engines.Sql.Postgres;

/// <summary>PostgreSQL through a pool; its own group commit gathers what many connections commit at once.</summary>
internal sealed class PostgresDatabase : SqlDatabase
{
    private const int Attempts = 5;

    // Any number will do as long as every node uses the same: "hypersend" in the keys of a telephone, shortened.
    private const long MigrationLock = 4973_7363;

    private readonly string _connectionString;
    private readonly NpgsqlDataSource _pool;
    private readonly TimeProvider _clock;

    public PostgresDatabase(string connectionString, TimeProvider clock)
        : base(new PostgresDialect())
    {
        SqlTypes.Register();
        _connectionString = connectionString;
        _pool = NpgsqlDataSource.Create(connectionString);
        _clock = clock;
    }

    public override async Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await _pool.OpenConnectionAsync(cancellation);
            return await InSessionAsync(connection, transaction: null, work, cancellation);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException)
        {
            throw PostgresErrors.Translate(exception);
        }
    }

    public override async Task<T> SnapshotAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await _pool.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
            return await InSessionAsync(connection, transaction, work, cancellation);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException)
        {
            throw PostgresErrors.Translate(exception);
        }
    }

    public override async Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryWriteAsync(work, cancellation);
            }
            catch (Exception exception) when (PostgresErrors.IsWorthAnotherRun(exception) && attempt < Attempts)
            {
                // The work reads afresh, a moment later: the neighbour that won has to get past the row it waited for.
                await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(2, 20) * attempt), _clock, cancellation);
            }
            catch (Exception exception) when (exception is DbException or TimeoutException)
            {
                throw PostgresErrors.Translate(exception);
            }
        }
    }

    public override async Task MigrateAsync(IReadOnlyList<Migration> migrations, CancellationToken cancellation)
    {
        // A connection of its own: no time limit, neither for a long step nor for waiting while a neighbour does it, and
        // the lock ends with the connection, so with a killed process too.
        var unhurried = new NpgsqlConnectionStringBuilder(_connectionString) { CommandTimeout = 0, Pooling = false }.ToString();
        try
        {
            await using var connection = new NpgsqlConnection(unhurried);
            await connection.OpenAsync(cancellation);
            var session = new SqlSession(connection, transaction: null, Dialect, cancellation);
            await session.ExecuteAsync("SELECT pg_advisory_lock(@MigrationLock)", new { MigrationLock });
            foreach (var migration in await MigrationSteps.PendingAsync(session, migrations))
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                await MigrationSteps.ApplyAsync(new SqlSession(connection, transaction, Dialect, cancellation), migration, _clock.GetUtcNow());
                await transaction.CommitAsync(cancellation);
            }
        }
        catch (Exception exception) when (exception is DbException or TimeoutException)
        {
            throw PostgresErrors.Translate(exception);
        }
    }

    public override ValueTask DisposeAsync() => _pool.DisposeAsync();

    private async Task<T> InSessionAsync<T>(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, Func<SqlSession, Task<T>> work, CancellationToken cancellation)
    {
        // The pool hands a waiting connection out without looking at the token.
        cancellation.ThrowIfCancellationRequested();
        var session = new SqlSession(connection, transaction, Dialect, cancellation);
        try
        {
            return await work(session);
        }
        finally
        {
            session.End();
        }
    }

    private async Task<T> TryWriteAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation)
    {
        await using var connection = await _pool.OpenConnectionAsync(cancellation);
        var started = Stopwatch.GetTimestamp();
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var answer = await InSessionAsync(connection, transaction, work, cancellation);
        try
        {
            // No token: a commit that was sent is awaited, or nobody would know what became of it.
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (NpgsqlException exception) when (exception is not PostgresException)
        {
            throw new OutcomeUnknownException(exception);
        }

        SqlMetrics.Committed(Dialect.Name, 1, Stopwatch.GetElapsedTime(started));
        return answer;
    }
}
