using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.EngineSpecs.Engines;

/// <summary>A door to the same database that counts the statements which pass it.</summary>
internal sealed class CountingDatabase(SqlDatabase inner) : SqlDatabase(inner.Dialect)
{
    private int _statements;

    public int Statements => Volatile.Read(ref _statements);

    public override Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation) =>
        inner.ReadAsync(session => work(new CountingSession(session, this)), cancellation);

    public override Task<T> SnapshotAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation) =>
        inner.SnapshotAsync(session => work(new CountingSession(session, this)), cancellation);

    public override Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation) =>
        inner.WriteAsync(session => work(new CountingSession(session, this)), cancellation);

    public override Task MigrateAsync(IReadOnlyList<Migration> migrations, CancellationToken cancellation) => inner.MigrateAsync(migrations, cancellation);

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class CountingSession(SqlSession inner, CountingDatabase owner)
        : SqlSession(inner.Connection, inner.Transaction, inner.Dialect, inner.Cancellation)
    {
        protected override void OnStatement() => Interlocked.Increment(ref owner._statements);
    }
}
