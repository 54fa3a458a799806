using System.Text;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Backups;

namespace Hypersend.EngineSpecs.Backups;

/// <summary>The rows of a database come back whole, in a database of the same engine or of the other.</summary>
public abstract class BackupSpec(Engine engine) : StoreSpec(engine)
{
    private static readonly int Newest = Migration.Embedded()[^1].Number;

    [Fact]
    public async Task What_backups_know_of_the_schema_is_what_the_database_has()
    {
        foreach (var table in SchemaTable.After(Migration.Embedded()))
        {
            var columns = await Database.ReadAsync(
                sql =>
                {
                    using var command = sql.Connection.CreateCommand();
                    command.CommandText = $"SELECT * FROM {table.Name} LIMIT 0";
                    using var reader = command.ExecuteReader();
                    return Task.FromResult(Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList());
                },
                Cancellation);
            Assert.Equal(columns.Order(StringComparer.Ordinal), table.Columns.Select(column => column.Name).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Every_row_comes_back_as_it_was()
    {
        await FillAsync(Database);
        var restored = Engine.Open(await Engine.CreateAsync());
        await AssertWholeAsync(Database, restored, keepPlaces: true);
        Assert.Equal("0-abc", await restored.ReadAsync(sql => sql.ScalarAsync<string>("SELECT name FROM file_chunks"), Cancellation));

        // A number that was given out is not given out again.
        await restored.WriteAsync(sql => sql.ExecuteAsync(
            """
            INSERT INTO files (id, owner_id, state, kind, filename, mime, size, chunk_size, received_bytes, received_chunks, reserved, retention_mode, downloads, created_at, touched_at, expires_at)
            SELECT @id, owner_id, state, kind, filename, mime, size, chunk_size, received_bytes, received_chunks, reserved, retention_mode, downloads, created_at, touched_at, expires_at FROM files
            """,
            new { id = Guid.CreateVersion7(Now.AddSeconds(2)) }), Cancellation);
        Assert.Equal(2, await restored.ReadAsync(sql => sql.ScalarAsync<long>("SELECT COUNT(DISTINCT no) FROM files"), Cancellation));
    }

    /// <summary>Every kind of value, and more rows than one part takes.</summary>
    internal static async Task FillAsync(SqlDatabase database)
    {
        var (user, file) = (Guid.CreateVersion7(Now), Guid.CreateVersion7(Now.AddSeconds(1)));
        await database.WriteAsync(
            async sql =>
            {
                await sql.ExecuteAsync(
                    """
                    INSERT INTO users (id, username, username_key, name, bio, role, disabled, quota_bytes, last_seen_audience, settings, totp_last_step, created_at)
                    VALUES (@user, @user_name, @user_name, @name, '', 'user', @disabled, @quota, 'everyone', '{}', 0, @Now)
                    """,
                    new { user, user_name = "ana-" + user, name = "Ána \u0001 \"\\\n مرحبا 😀", disabled = true, quota = long.MaxValue, Now });
                await sql.ExecuteAsync(
                    """
                    INSERT INTO files (id, owner_id, state, kind, filename, mime, size, chunk_size, received_bytes, received_chunks, reserved, retention_mode, downloads, created_at, touched_at, expires_at, packing, sha256_root)
                    VALUES (@file, @user, 'ready', 'document', 'a', 'text/plain', 3, 1048576, 3, 1, 3, 'keep', 0, @Now, @Now, @Now, 'gzip', @root)
                    """,
                    new { file, user, Now, root = (byte[])[0, 255, 10, 13, 34] });
                var no = await sql.ScalarAsync<long>("SELECT no FROM files WHERE id = @file", new { file });
                await sql.ExecuteAsync(
                    "INSERT INTO file_chunks (file_no, chunk, length, sha256, crc32, name) VALUES (@no, 0, 3, @hash, 4294967295, '0-abc')", new { no, hash = Array.Empty<byte>() });
                for (var i = 0; i < 1000; i++)
                    await sql.ExecuteAsync("INSERT INTO server_state (key, value) VALUES (@key, @value)", new { key = $"{user} {i}", value = new string('x', 10_000) });
            },
            Cancellation);
    }

    [Fact]
    public async Task A_restore_that_was_interrupted_says_so_until_another_has_ended()
    {
        var parts = await PartsAsync(Database);
        var restored = Engine.Open(await Engine.CreateAsync());
        var tables = new SqlRestoreTables(restored);
        Assert.Equal(RestoreState.Empty, await tables.StateAsync(Cancellation));
        await tables.BeginAsync(Newest, "then", Cancellation);
        await tables.LoadAsync(parts[0].Lines, keepPlaces: false, Cancellation);
        Assert.Equal(RestoreState.Half, await tables.StateAsync(Cancellation));
        await tables.ClearAsync(Cancellation);
        Assert.Equal(RestoreState.Empty, await tables.StateAsync(Cancellation));
        await AssertWholeAsync(Database, restored, keepPlaces: false);
    }

    [Fact]
    public async Task A_backup_of_a_newer_schema_is_refused_before_anything_is_made()
    {
        var tables = new SqlRestoreTables(Engine.Open(await Engine.CreateAsync()));
        var refused = await Assert.ThrowsAsync<BackupRefusedException>(() => tables.BeginAsync(Newest + 1, "then", Cancellation));
        Assert.Contains("newer version", refused.Message, StringComparison.Ordinal);
        Assert.Equal(RestoreState.Empty, await tables.StateAsync(Cancellation));
    }

    [Fact]
    public async Task A_backup_of_an_older_schema_becomes_one_of_this()
    {
        var old = Engine.Open(await Engine.CreateAsync());
        await old.MigrateAsync([.. Migration.Embedded().Where(step => step.Number <= 3)], Cancellation);
        var parts = new List<TablePart>();
        var older = new SqlBackupTables(old);
        Assert.Equal(3, await older.SchemaAsync(Cancellation));
        var now = Guid.CreateVersion7(Now);
        await old.WriteAsync(sql => sql.ExecuteAsync("INSERT INTO server_state (key, value) VALUES ('kept', 'yes')"), Cancellation);
        await old.WriteAsync(sql => sql.ExecuteAsync(
            """
            INSERT INTO users (id, username, username_key, name, bio, role, disabled, last_seen_audience, settings, totp_last_step, created_at)
            VALUES (@now, 'old', 'old', 'Old', '', 'user', @off, 'everyone', '{}', 0, 1)
            """,
            new { now, off = false }), Cancellation);
        await old.MigrateAsync([.. Migration.Embedded().Where(step => step.Number <= 4)], Cancellation);
        await older.ReadAsync(4, parts.Add, Cancellation);
        var restored = Engine.Open(await Engine.CreateAsync());
        var tables = new SqlRestoreTables(restored);
        await tables.BeginAsync(4, "then", Cancellation);
        foreach (var part in parts)
            await tables.LoadAsync(part.Lines, keepPlaces: false, Cancellation);
        await tables.FinishAsync("new", signOut: true, Cancellation);
        Assert.Equal("everyone", await restored.ReadAsync(sql => sql.ScalarAsync<string>("SELECT message_audience FROM users"), Cancellation));
        Assert.Equal(RestoreState.Used, await tables.StateAsync(Cancellation));
    }

    /// <summary>All of it goes from one database into the other.</summary>
    internal static async Task AssertWholeAsync(SqlDatabase from, SqlDatabase restored, bool keepPlaces)
    {
        var before = await PartsAsync(from);
        var tables = new SqlRestoreTables(restored);
        await tables.BeginAsync(Newest, "then", Cancellation);
        foreach (var part in before)
            Assert.Equal((part.Table, part.Rows), await tables.LoadAsync(part.Lines, keepPlaces, Cancellation));

        await Assert.ThrowsAsync<BackupRefusedException>(() => PartsAsync(restored));
        await tables.FinishAsync("the new one", signOut: false, Cancellation);
        var after = await PartsAsync(restored);
        foreach (var table in before.Select(part => part.Table).Distinct().Where(table => table is not ("server_state" or "file_chunks")))
            Assert.Equal(LinesOf(before, table).Select(line => line.Replace("\"gzip\"", "\"wanted\"", StringComparison.Ordinal)), LinesOf(after, table));
        var facts = LinesOf(before, "server_state");
        Assert.Equal(facts.Where(line => !line.Contains("\"epoch\"", StringComparison.Ordinal)).Append("""["epoch","the new one"]""").Order(StringComparer.Ordinal), LinesOf(after, "server_state"));
    }

    private static async Task<List<TablePart>> PartsAsync(SqlDatabase database)
    {
        var parts = new List<TablePart>();
        await new SqlBackupTables(database).ReadAsync(Newest, parts.Add, Cancellation);
        return parts;
    }

    private static List<string> LinesOf(IEnumerable<TablePart> parts, string table) =>
        [.. parts.Where(part => part.Table == table).SelectMany(part => Encoding.UTF8.GetString(part.Lines.Span).TrimEnd('\n').Split('\n').Skip(1)).Order(StringComparer.Ordinal)];
}

public sealed class SqliteBackupSpec(SqliteEngine engine) : BackupSpec(engine), IClassFixture<SqliteEngine>;

public sealed class PostgresBackupSpec(PostgresEngine engine) : BackupSpec(engine), IClassFixture<PostgresEngine>;

/// <summary>A site that outgrows one engine moves to the other, and could come back.</summary>
public sealed class EngineMoveSpec(SqliteEngine sqlite, PostgresEngine postgres) : IClassFixture<SqliteEngine>, IClassFixture<PostgresEngine>
{
    [Fact]
    public async Task Rows_go_from_one_engine_into_the_other_and_back()
    {
        var first = await sqlite.OpenAsync();
        await BackupSpec.FillAsync(first);
        if (postgres.Absence is { } reason)
            Assert.Skip(reason);
        var second = postgres.Open(await postgres.CreateAsync());
        await BackupSpec.AssertWholeAsync(first, second, keepPlaces: true);
        var third = sqlite.Open(await sqlite.CreateAsync());
        await BackupSpec.AssertWholeAsync(second, third, keepPlaces: true);
    }
}
