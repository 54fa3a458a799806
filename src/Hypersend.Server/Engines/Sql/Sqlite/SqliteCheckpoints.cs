using Microsoft.Data.Sqlite;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>
/// Moves the WAL into the database file once a second, on a connection of its own, so that no commit pays for it.
/// PASSIVE waits for nobody, so under a steady load it never sees the end of the WAL, which is what a commit needs to begin it
/// again: the last bit of a long one is left to the writer. A WAL that only grows costs each commit new space in the file system's own books.
/// </summary>
internal sealed class SqliteCheckpoints : IDisposable
{
    private const long LongPages = 8_192;
    private const long LastBitPages = 1_024;
    private const int MostRounds = 4;

    private readonly SqliteConnection _connection;
    private readonly SqliteWriter _writer;
    private readonly string _walPath;
    private readonly ITimer _timer;
    private readonly Lock _running = new();
    private bool _disposed;

    public SqliteCheckpoints(SqliteConnection connection, SqliteWriter writer, TimeProvider clock)
    {
        _connection = connection;
        _writer = writer;
        _walPath = connection.DataSource + "-wal";
        _timer = clock.CreateTimer(_ => Run(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_running)
        {
            _disposed = true;
            _connection.Dispose();
        }
    }

    private void Run()
    {
        if (!_running.TryEnter())
            return;
        try
        {
            var wal = new FileInfo(_walPath);
            if (_disposed || !wal.Exists || wal.Length == 0)
                return;
            var (pages, left) = Checkpoint();
            if (pages < LongPages)
                return;
            for (var (round, before) = (1, long.MaxValue); left > LastBitPages && left < before && round < MostRounds; round++)
                (before, left) = (left, Checkpoint().Left);

            // More than a bit is left where somebody reads for long: then nobody can end it, and trying would only hold up the writer.
            if (left is > 0 and <= LastBitPages)
                _writer.FinishCheckpoint();
        }
        catch (SqliteException)
        {
            // Busy or out of space: the WAL simply grows until the next second; commits notice a full disk themselves.
            SqlCheckpointMetrics.Failed();
        }
        finally
        {
            _running.Exit();
        }
    }

    /// <summary>How long the WAL is, and how much of it is not in the database file yet.</summary>
    private (long Pages, long Left) Checkpoint()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        using var row = command.ExecuteReader();
        row.Read();
        var (pages, moved) = (row.GetInt64(1), row.GetInt64(2));
        return (pages, pages - moved);
    }
}
