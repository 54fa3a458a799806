using Microsoft.Data.Sqlite;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>
/// Moves the WAL into the database file once a second, on a connection of its own, so that no commit pays for it.
/// PASSIVE waits for nobody; a WAL that readers let grow is cut when they allow it.
/// </summary>
internal sealed class SqliteCheckpoints : IDisposable
{
    private const long CutAboveBytes = 64 * 1024 * 1024;

    private readonly SqliteConnection _connection;
    private readonly string _walPath;
    private readonly ITimer _timer;
    private readonly Lock _running = new();
    private bool _disposed;

    public SqliteCheckpoints(SqliteConnection connection, TimeProvider clock)
    {
        _connection = connection;
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
            using var command = _connection.CreateCommand();
            command.CommandText = wal.Length > CutAboveBytes ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(PASSIVE)";
            command.ExecuteNonQuery();
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
}
