using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Threads;
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
    private readonly SqliteCommand _rollBack;

    public SqliteWriter(SqliteConnection connection, SqlDialect dialect, int niceness = 0)
    {
        _connection = connection;
        _dialect = dialect;
        _begin = Command("BEGIN IMMEDIATE");
        _mark = Command("SAVEPOINT job");
        _keep = Command("RELEASE job");
        _undo = Command("ROLLBACK TO job; RELEASE job");
        _commit = Command("COMMIT");
        _rollBack = Command("ROLLBACK");
        _thread = new Thread(() => Serve(niceness)) { IsBackground = true, Name = "sqlite-write" };
        _thread.Start();
    }

    private bool InTransaction => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    public Task<T> RunAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation)
    {
        var job = new SqliteJob<T>(work, cancellation);
        try
        {
            if (_queue.TryAdd(job, 0, CancellationToken.None))
                return job.Task;
        }
        catch (InvalidOperationException closed)
        {
            throw new EngineUnavailableException("database", closed);
        }

        throw new QueueFullException("write");
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        foreach (var command in new[] { _begin, _mark, _keep, _undo, _commit, _rollBack })
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

    private void Serve(int niceness)
    {
        if (niceness > 0)
            Niceness.OfThisThread(niceness);
        var batch = new List<SqliteJob>(BatchLimit);
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            batch.Add(first);
            while (batch.Count < BatchLimit && _queue.TryTake(out var next))
                batch.Add(next);

            try
            {
                Run(CollectionsMarshal.AsSpan(batch));
            }
            catch (Exception exception)
            {
                // Nobody may wait for ever, and the only writer must live on; who was answered stays answered.
                RefuseAll(CollectionsMarshal.AsSpan(batch), exception);
            }

            batch.Clear();
        }
    }

    /// <summary>
    /// Runs all in one transaction. When SQLite loses it, those who ran before the loss run again together, the one who
    /// was running tries alone, and the rest goes on: a full disk costs its victims an answer, and nobody else more
    /// than a second try.
    /// </summary>
    private void Run(ReadOnlySpan<SqliteJob> jobs)
    {
        while (!jobs.IsEmpty)
        {
            if (TryTogether(jobs) is not { } loss)
                return;
            if (jobs.Length == 1 || loss.IsHopeless)
            {
                RefuseAll(jobs, loss.Reason);
                return;
            }

            // A commit that failed names nobody: halves find out.
            var first = loss.At == jobs.Length ? jobs.Length / 2 : loss.At;
            Run(jobs[..first]);
            if (first == loss.At)
                Run(jobs.Slice(first++, 1));
            jobs = jobs[first..];
        }
    }

    /// <summary>Null when the commit is on disk and everybody answered; otherwise nothing is committed and nobody answered.</summary>
    private Loss? TryTogether(ReadOnlySpan<SqliteJob> jobs)
    {
        var started = Stopwatch.GetTimestamp();
        var at = -1;
        try
        {
            _begin.ExecuteNonQuery();
            for (at = 0; at < jobs.Length; at++)
            {
                jobs[at].Reason = jobs[at].IsCancelled ? new OperationCanceledException() : RunInSavepoint(jobs[at]);
                // A full disk or an I/O error ends the whole transaction inside SQLite, the neighbours' writes with it.
                if (!InTransaction)
                    return new Loss(at, jobs[at].Reason!, IsHopeless: false);
            }

            _commit.ExecuteNonQuery();
        }
        catch (SqliteException exception)
        {
            if (InTransaction)
                _rollBack.ExecuteNonQuery();
            // Without BEGIN, or with a flush that failed, trying one by one would only fail as often as there are jobs.
            return new Loss(at, exception, at < 0 || (at == jobs.Length && SqliteErrors.Translate(exception) is EngineUnavailableException));
        }

        // Before the answers: who was answered finds its write among those counted.
        SqlMetrics.Committed(_dialect.Name, jobs.Length, Stopwatch.GetElapsedTime(started));
        foreach (var job in jobs)
        {
            if (job.Reason is { } reason)
                job.Refuse(SqliteErrors.Translate(reason));
            else
                job.Answer();
        }

        return null;
    }

    /// <summary>Why the job is undone; null when it is done.</summary>
    private Exception? RunInSavepoint(SqliteJob job)
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
            if (InTransaction)
                _undo.ExecuteNonQuery();
            return exception;
        }
    }

    private static void RefuseAll(ReadOnlySpan<SqliteJob> jobs, Exception reason)
    {
        foreach (var job in jobs)
            job.Refuse(SqliteErrors.Translate(reason));
    }

    /// <summary>Where a transaction was lost: the index of a job, their number for the commit, -1 for BEGIN.</summary>
    private readonly record struct Loss(int At, Exception Reason, bool IsHopeless);
}
