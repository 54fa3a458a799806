using Hypersend.Server.Engines.Search.Segments;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Engines.Sql.Sqlite;
using Hypersend.Server.Features.Search;
using Microsoft.Data.Sqlite;

namespace Hypersend.Server.Engines.Search.Sqlite;

/// <summary>A database file of its own, which can be thrown away.</summary>
internal sealed class SqliteSearchIndex(string path, TimeProvider clock) : SegmentIndex(clock), IAsyncDisposable
{
    private const string Schema =
        """
        CREATE TABLE search_state (identity TEXT NOT NULL, next_segment INTEGER NOT NULL DEFAULT 0, tidier TEXT NOT NULL DEFAULT '', tidier_until INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE TABLE search_chats (chat_no INTEGER PRIMARY KEY, rev INTEGER NOT NULL) STRICT;
        CREATE TABLE search_gone (chat_no INTEGER PRIMARY KEY) STRICT;
        CREATE TABLE search_segments (id INTEGER PRIMARY KEY, place INTEGER NOT NULL, state INTEGER NOT NULL, docs INTEGER NOT NULL,
            first_at INTEGER NOT NULL, last_at INTEGER NOT NULL) STRICT;
        CREATE TABLE search_blocks (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
        """;

    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    // Merging always leaves room that the next merge fills; what is beyond that goes back to the disk, a little at a time.
    private const long RoomPages = 4_096;
    private const int PagesAtOnce = 1_024;

    private readonly SemaphoreSlim _opening = new(1, 1);
    private SqliteDatabase? _database;

    protected override SqlDatabase? Open => _database;

    public override async Task<bool> OpenAsync(string identity, CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation);
        try
        {
            if (_database is { } open ? await IsForAsync(open, identity, cancellation) : await OpenFileAsync(identity, cancellation))
                return true;
            if (_database is null || !await IsForAsync(_database, identity, cancellation))
            {
                // Not row by row: a new file is ready at once, and one that is broken goes with it.
                await RemoveAsync();
                await OpenFileAsync(identity, cancellation);
            }

            return false;
        }
        finally
        {
            _opening.Release();
        }
    }

    public override async Task ClearAsync(CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation);
        try
        {
            await RemoveAsync();
        }
        finally
        {
            _opening.Release();
        }
    }

    public override Task<long> SizeAsync(CancellationToken cancellation) =>
        Task.FromResult(new[] { path, path + "-wal" }.Select(name => new FileInfo(name)).Where(file => file.Exists).Sum(file => file.Length));

    public async ValueTask DisposeAsync()
    {
        if (_database is { } database)
            await database.DisposeAsync();
        _database = null;
        _opening.Dispose();
    }

    /// <summary>Whether the file was there, whole and made for this identity. One that was just made serves as well; another one stays closed.</summary>
    private async Task<bool> OpenFileAsync(string identity, CancellationToken cancellation)
    {
        SqliteDatabase database;
        try
        {
            database = new SqliteDatabase(path, Clock, durable: false);
        }
        catch (InvalidOperationException exception) when (exception.InnerException is SqliteException)
        {
            // Not a database: something else lies under its name, or half of one.
            return false;
        }

        if (await IsForAsync(database, identity, cancellation))
        {
            _database = database;
            return true;
        }

        if (await IsEmptyAsync(database, cancellation))
        {
            await database.WriteAsync(
                async sql =>
                {
                    await sql.ExecuteAsync(Schema);
                    await sql.ExecuteAsync("INSERT INTO search_state (identity) VALUES (@identity)", new { identity });
                },
                cancellation);
            _database = database;
            return false;
        }

        await database.DisposeAsync();
        return false;
    }

    private static async Task<bool> IsEmptyAsync(SqliteDatabase database, CancellationToken cancellation)
    {
        try
        {
            return await database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT COUNT(*) FROM sqlite_master"), cancellation) == 0;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private static async Task<bool> IsForAsync(SqliteDatabase database, string identity, CancellationToken cancellation)
    {
        try
        {
            return await database.ReadAsync(sql => sql.FindAsync<string>("SELECT identity FROM search_state"), cancellation) == identity;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    protected override bool IsDamage(Exception exception) =>
        (exception as SqliteException ?? exception.InnerException as SqliteException)?.SqliteErrorCode is Corrupt or NotADatabase;

    private async Task RemoveAsync()
    {
        // First of all nobody finds it any more: whoever is in the middle of it learns that it was replaced.
        var database = _database;
        _database = null;
        if (database is not null)
            await database.DisposeAsync();
        ForgetAll();
        foreach (var name in new[] { path, path + "-wal", path + "-shm" })
            File.Delete(name);
    }

    private static RawStatement Statement(SqlSession sql, string text) => ((PreparingConnection)sql.Connection).Raw(text);

    public override ValueTask<byte[]?> ReadBlockAsync(SqlSession sql, long id)
    {
        var statement = Statement(sql, "SELECT bytes FROM search_blocks WHERE id = ?").Bind(id);
        if (!statement.Step())
            return ValueTask.FromResult<byte[]?>(null);
        var bytes = statement.Row.Bytes(0).ToArray();
        statement.Reset();
        return ValueTask.FromResult<byte[]?>(bytes);
    }

    protected override async Task<bool> ShrinkAsync(SqlSession sql)
    {
        var (pages, free) = (await sql.ScalarAsync<long>("PRAGMA page_count"), await sql.ScalarAsync<long>("PRAGMA freelist_count"));
        if (free <= RoomPages || free <= pages / 3)
            return false;

        // It gives a row for each page, and goes only as far as they are read.
        await sql.ListAsync<long>($"PRAGMA incremental_vacuum({PagesAtOnce})");
        return await sql.ScalarAsync<long>("PRAGMA freelist_count") < free;
    }

    protected override Task PutAsync(SqlSession sql, IReadOnlyList<Block> blocks)
    {
        var insert = Statement(sql, "INSERT INTO search_blocks (id, bytes) VALUES (?, ?)");
        foreach (var block in blocks)
            insert.Bind(block.Id).Bind(block.Bytes).Run();
        return Task.CompletedTask;
    }

    protected override Task ReadOnAsync(SqlSession sql, IReadOnlyList<ReadOn> chats)
    {
        var put = Statement(sql, "INSERT INTO search_chats (chat_no, rev) VALUES (?, ?) ON CONFLICT (chat_no) DO UPDATE SET rev = excluded.rev");
        foreach (var chat in chats)
            put.Bind(chat.ChatNo).Bind(chat.To).Run();
        return Task.CompletedTask;
    }
}
