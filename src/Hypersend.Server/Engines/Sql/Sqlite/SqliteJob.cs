using Hypersend.Server.Engines.Sql.Shared;
using Microsoft.Data.Sqlite;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>One read or one write waiting for a thread of its own kind.</summary>
internal abstract class SqliteJob
{
    public abstract bool IsCancelled { get; }

    /// <summary>Why its last run was undone; null when it was not. The writer's own note until the commit.</summary>
    public Exception? Reason { get; set; }

    /// <summary>Runs the work and keeps its answer; throws what the work throws.</summary>
    public abstract void Run(SqliteConnection connection, SqlDialect dialect);

    /// <summary>Hands the kept answer to the one who waits.</summary>
    public abstract void Answer();

    public abstract void Refuse(Exception reason);
}

/// <inheritdoc/>
internal sealed class SqliteJob<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation) : SqliteJob
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _kept = default!;

    public Task<T> Task => _answer.Task;

    public override bool IsCancelled => cancellation.IsCancellationRequested;

    public override void Run(SqliteConnection connection, SqlDialect dialect)
    {
        // No token inside: a job that has begun ends, so that a group commit is never torn by one impatient client.
        var session = new SqlSession(connection, transaction: null, dialect, CancellationToken.None);
        try
        {
            var running = work(session);
            if (!running.IsCompleted)
            {
                throw new InvalidOperationException(
                    "Database work awaited something that is not the database. It would hold the only writer while it waits.");
            }

            _kept = running.GetAwaiter().GetResult();
        }
        finally
        {
            // Refused work goes on when what it awaits completes; it must not write into a neighbour's transaction then.
            session.End();
        }
    }

    public override void Answer() => _answer.TrySetResult(_kept);

    public override void Refuse(Exception reason)
    {
        if (reason is OperationCanceledException)
            _answer.TrySetCanceled(cancellation);
        else
            _answer.TrySetException(reason);
    }
}
