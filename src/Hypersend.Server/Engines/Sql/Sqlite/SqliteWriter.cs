using System.Collections.Concurrent;
using System.Diagnostics;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Platform.Problems;
using Microsoft.Data.Sqlite;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>
/// The one writer: takes all writes that wait, runs each in a savepoint of one transaction, commits once, then answers
/// all of them. The cost of a durable write falls as the load rises.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int QueueLimit = 4096;
    private const int BatchLimit = 512;

    private readonly BlockingCollection<SqliteJob> _queue = new(QueueLimit);
    private readonly SqliteConnection _connection;
    private readonly SqlDialect _dialect;
    private readonly Thread _thread;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _mark;
    private readonly SqliteCommand _keep;
    private readonly SqliteCommand _undo;
    private readonly SqliteCommand _commit;

    public SqliteWriter(SqliteConnection connection, SqlDialect dialect)
    {
        _connection = connection;
        _dialect = dialect;
        _begin = Command("BEGIN IMMEDIATE");
        _mark = Command("SAVEPOINT job");
        _keep = Command("RELEASE job");
        _undo = Command("ROLLBACK TO job; RELEASE job");
        _commit = Command("COMMIT");
        _thread = new Thread(Serve) { IsBackground = true, Name = "sqlite-write" };
        _thread.Start();
    }

    public Task<T> RunAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation)
    {
        var job = new SqliteJob<T>(work, cancellation);
        if (!_queue.TryAdd(job, 0, CancellationToken.None))
            throw new QueueFullException("write");
        return job.Task;
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        foreach (var command in new[] { _begin, _mark, _keep, _undo, _commit })
            command.Dispose();
        _connection.Dispose();
        _queue.Dispose();
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private void Serve()
    {
        var batch = new List<SqliteJob>(BatchLimit);
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            batch.Add(first);
            while (batch.Count < BatchLimit && _queue.TryTake(out var next))
                batch.Add(next);

            if (!TryRunTogether(batch))
            {
                // The whole transaction was lost, not one job of it: each tries alone, so that only the guilty fails.
                foreach (var job in batch)
                    RunAlone(job);
            }

            batch.Clear();
        }
    }

    /// <summary>False when nothing was committed and nobody was answered.</summary>
    private bool TryRunTogether(List<SqliteJob> batch)
    {
        var started = Stopwatch.GetTimestamp();
        var refused = new Dictionary<SqliteJob, Exception>();
        try
        {
            _begin.ExecuteNonQuery();
            foreach (var job in batch)
            {
                if (job.IsCancelled)
                    refused[job] = new OperationCanceledException();
                else if (TryRunInSavepoint(job) is { } reason)
                    refused[job] = reason;
            }

            _commit.ExecuteNonQuery();
        }
        catch (Exception exception) when (exception is SqliteException or LostTransactionException)
        {
            RollBack();
            return false;
        }

        foreach (var job in batch)
        {
            if (refused.TryGetValue(job, out var reason))
                job.Refuse(SqliteErrors.Translate(reason));
            else
                job.Answer();
        }

        SqlMetrics.Committed(_dialect.Name, batch.Count, Stopwatch.GetElapsedTime(started));
        return true;
    }

    private Exception? TryRunInSavepoint(SqliteJob job)
    {
        _mark.ExecuteNonQuery();
        try
        {
            job.Run(_connection, _dialect);
            _keep.ExecuteNonQuery();
            return null;
        }
        catch (Exception exception)
        {
            // A full disk or an I/O error ends the whole transaction inside SQLite; then there is no savepoint to go back to.
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) != 0)
                throw new LostTransactionException(exception);
            _undo.ExecuteNonQuery();
            return exception;
        }
    }

    private void RunAlone(SqliteJob job)
    {
        if (job.IsCancelled)
        {
            job.Refuse(new OperationCanceledException());
            return;
        }

        try
        {
            _begin.ExecuteNonQuery();
            job.Run(_connection, _dialect);
            _commit.ExecuteNonQuery();
            job.Answer();
        }
        catch (Exception exception)
        {
            RollBack();
            job.Refuse(SqliteErrors.Translate(exception));
        }
    }

    private void RollBack()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) != 0)
            return;
        using var rollback = Command("ROLLBACK");
        rollback.ExecuteNonQuery();
    }

    private sealed class LostTransactionException(Exception cause) : Exception("The transaction ended inside SQLite.", cause);
}
