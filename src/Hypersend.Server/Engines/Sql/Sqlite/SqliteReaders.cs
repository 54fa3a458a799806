using System.Collections.Concurrent;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Threads;
using Microsoft.Data.Sqlite;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>
/// A few threads that read. SQLite is synchronous: a slow search on a pool thread would starve every socket of a
/// two-core machine, so reads wait for a thread of their own.
/// </summary>
internal sealed class SqliteReaders : IDisposable
{
    private const int QueueLimit = 4096;

    private readonly BlockingCollection<SqliteJob> _queue = new(QueueLimit);
    private readonly Thread[] _threads;
    private readonly SqlDialect _dialect;

    public SqliteReaders(Func<SqliteConnection> open, SqlDialect dialect, int count, int niceness = 0)
    {
        _dialect = dialect;
        _threads = new Thread[count];
        for (var i = 0; i < count; i++)
        {
            // Opened here, so that a file that cannot be opened fails the start and not a thread that nobody watches.
            var connection = open();
            _threads[i] = new Thread(() => Serve(connection, niceness)) { IsBackground = true, Name = $"sqlite-read-{i}" };
            _threads[i].Start();
        }
    }

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

        throw new QueueFullException("read");
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        foreach (var thread in _threads)
            thread.Join();
        _queue.Dispose();
    }

    private void Serve(SqliteConnection opened, int niceness)
    {
        if (niceness > 0)
            Niceness.OfThisThread(niceness);
        using var connection = opened;
        foreach (var job in _queue.GetConsumingEnumerable())
        {
            if (job.IsCancelled)
            {
                job.Refuse(new OperationCanceledException());
                continue;
            }

            try
            {
                job.Run(connection, _dialect);
                job.Answer();
            }
            catch (Exception exception)
            {
                job.Refuse(SqliteErrors.Translate(exception));
            }
        }
    }
}
