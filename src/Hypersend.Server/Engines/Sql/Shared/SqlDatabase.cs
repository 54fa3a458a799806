namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>
/// The one door to a database, the same for both engines. A read sees committed rows; a write is one transaction that
/// is durable when its task completes.
/// </summary>
internal abstract class SqlDatabase(SqlDialect dialect) : IAsyncDisposable
{
    public SqlDialect Dialect => dialect;

    /// <summary>Runs queries outside a transaction.</summary>
    public abstract Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation);

    /// <summary>Runs queries that all see the database at one and the same moment.</summary>
    public abstract Task<T> SnapshotAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation);

    /// <summary>
    /// Runs the work in one transaction. The engine may run it again (deadlock, a neighbour in the same group commit
    /// failed), so it changes nothing but the database and awaits nothing but the session.
    /// </summary>
    public abstract Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation);

    public Task WriteAsync(Func<SqlSession, Task> work, CancellationToken cancellation) =>
        WriteAsync(
            async session =>
            {
                await work(session);
                return true;
            },
            cancellation);

    /// <summary>Brings the schema up to this program's, one transaction a step, under a lock that dies with its holder.</summary>
    public abstract Task MigrateAsync(IReadOnlyList<Migration> migrations, CancellationToken cancellation);

    /// <summary>The steps that <see cref="MigrateAsync"/> would take; throws when one was applied with another text.</summary>
    public Task<IReadOnlyList<Migration>> PendingAsync(IReadOnlyList<Migration> migrations, CancellationToken cancellation) =>
        ReadAsync(session => MigrationSteps.PendingAsync(session, migrations), cancellation);

    public abstract ValueTask DisposeAsync();
}
