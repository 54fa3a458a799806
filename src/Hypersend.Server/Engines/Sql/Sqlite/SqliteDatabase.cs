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

    // What can be made anew stands back: its writer behind everything, its readers behind those who chat.
    private const int WriterNiceness = 10;
    private const int ReaderNiceness = 5;

    private const string WriterPragmas = "PRAGMA cache_size = -16000; PRAGMA busy_timeout = 5000";

    /// <summary>
    /// Unless <paramref name="durable"/>, a crash may lose the last commits, the file staying whole, and its threads get what others leave
    /// of the processors: enough for what can be made anew.
    /// </summary>
    public SqliteDatabase(string path, TimeProvider clock, bool durable = true)
        : base(new SqliteDialect())
    {
        _clock = clock;
        Library = SqliteLibrary.Load();
        SqlTypes.Register();
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);

        // The writer comes first: it makes the file and its WAL, which read-only connections cannot.
        _writer = durable
            ? new SqliteWriter(Open(path, WriterPragmas), Dialect, niceness: 0)
            : new SqliteWriter(Open(path, WriterPragmas + "; PRAGMA synchronous = NORMAL", "PRAGMA auto_vacuum = INCREMENTAL; "), Dialect, WriterNiceness);
        _readers = new SqliteReaders(
            () => Open(path, "PRAGMA cache_size = -8000; PRAGMA query_only = ON"), Dialect, Math.Clamp(Environment.ProcessorCount, 2, 4), durable ? 0 : ReaderNiceness);
        _checkpoints = new SqliteCheckpoints(Open(path, ""), clock);
    }

    /// <summary>The version of SQLite and where it came from.</summary>
    public string Library { get; }

    public override Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation) =>
        _readers.RunAsync(work, cancellation);

    public override Task<T> SnapshotAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation) =>
        _readers.RunAsync(
            async session =>
            {
                await session.ExecuteAsync("BEGIN DEFERRED");
                try
                {
                    return await work(session);
                }
                finally
                {
                    await session.ExecuteAsync("ROLLBACK TRANSACTION");
                }
            },
            cancellation);

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

    /// <param name="path">Of the file, which is made when there is none.</param>
    /// <param name="pragmas">How to work with it.</param>
    /// <param name="form">What a new file is made with; it has to be said before anything is written.</param>
    private static PreparingConnection Open(string path, string pragmas, string form = "")
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
            command.CommandText = form + "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; " +
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
