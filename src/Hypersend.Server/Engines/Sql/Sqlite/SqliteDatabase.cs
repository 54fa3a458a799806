using Hypersend.Server.Engines.Sql.Shared;
using Microsoft.Data.Sqlite;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>SQLite in WAL mode with full durability: one writer, a few readers, checkpoints beside the hot path.</summary>
internal sealed class SqliteDatabase : SqlDatabase
{
    private readonly TimeProvider _clock;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly SqliteCheckpoints _checkpoints;

    public SqliteDatabase(string path, TimeProvider clock)
        : base(new SqliteDialect())
    {
        _clock = clock;
        Library = SqliteLibrary.Load();
        SqlTypes.Register();
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);

        // The writer comes first: it makes the file and its WAL, which read-only connections cannot.
        _writer = new SqliteWriter(Open(path, "PRAGMA cache_size = -16000; PRAGMA busy_timeout = 5000"), Dialect);
        _readers = new SqliteReaders(
            () => Open(path, "PRAGMA cache_size = -8000; PRAGMA query_only = ON"), Dialect, Math.Clamp(Environment.ProcessorCount, 2, 4));
        _checkpoints = new SqliteCheckpoints(Open(path, ""), clock);
    }

    /// <summary>The version of SQLite and where it came from.</summary>
    public string Library { get; }

    public override Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation) =>
        _readers.RunAsync(work, cancellation);

    public override Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation) =>
        _writer.RunAsync(work, cancellation);

    public override async Task MigrateAsync(IReadOnlyList<Migration> migrations, CancellationToken cancellation)
    {
        while (true)
        {
            // Which step is next is asked inside its own transaction: BEGIN IMMEDIATE is the lock.
            var applied = await WriteAsync(
                async session =>
                {
                    if (await MigrationSteps.PendingAsync(session, migrations) is not [var next, ..])
                        return false;
                    await MigrationSteps.ApplyAsync(session, next, _clock.GetUtcNow());
                    return true;
                },
                cancellation);
            if (!applied)
                return;
        }
    }

    public override ValueTask DisposeAsync()
    {
        _readers.Dispose();
        _checkpoints.Dispose();
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }

    private static PreparingConnection Open(string path, string pragmas)
    {
        var connection = new PreparingConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = 5,
            ForeignKeys = true,
        }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; " +
                "PRAGMA temp_store = MEMORY; " + pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw new InvalidOperationException($"The database {path} cannot be opened: {exception.Message}", exception);
        }
    }
}
