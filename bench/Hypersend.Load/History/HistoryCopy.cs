using System.Globalization;
using Hypersend.Server.Engines.Sql.Postgres;
using Hypersend.Server.Engines.Sql.Sqlite;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Hypersend.Load.History;

/// <summary>Brings the rows of a SQLite file into the same tables of a PostgreSQL database.</summary>
internal static class HistoryCopy
{
    // What people, chats and messages need; in this order, because rows refer to rows above them.
    private static readonly string[] Tables = ["users", "sessions", "server_state", "chats", "chat_heads", "chat_members", "messages", "mentions", "reactions"];

    public static async Task ToPostgresAsync(string path, string url)
    {
        SqliteLibrary.Load();
        await using var source = new SqliteConnection($"Data Source={path};Pooling=False;Mode=ReadOnly");
        await source.OpenAsync();
        await using var target = await OpenAsync(url);
        await RunAsync(target, $"TRUNCATE {string.Join(", ", Tables)} CASCADE");
        foreach (var table in Tables)
            await CopyAsync(source, target, table);
        await RunAsync(target, "SELECT setval(pg_get_serial_sequence('chats', 'no'), (SELECT MAX(no) FROM chats))");
        await RunAsync(target, "VACUUM ANALYZE");
    }

    /// <summary>A search index whose tables the server has made already.</summary>
    public static async Task IndexToPostgresAsync(string path, string url)
    {
        SqliteLibrary.Load();
        await using var source = new SqliteConnection($"Data Source={path};Pooling=False;Mode=ReadOnly");
        await source.OpenAsync();
        await using var target = await OpenAsync(url);
        string[] tables = ["search_chats", "search_gone", "search_segments", "search_blocks"];
        await RunAsync(target, $"TRUNCATE {string.Join(", ", tables)}");
        foreach (var table in tables)
            await CopyAsync(source, target, table);
        await using var ask = source.CreateCommand();
        ask.CommandText = "SELECT identity, next_segment FROM search_state";
        await using var state = await ask.ExecuteReaderAsync();
        await state.ReadAsync();
        await using var put = new NpgsqlCommand("UPDATE search_state SET identity = @identity, next_segment = @next", target);
        put.Parameters.AddWithValue("identity", state.GetString(0));
        put.Parameters.AddWithValue("next", state.GetInt64(1));
        await put.ExecuteNonQueryAsync();
        await RunAsync(target, "VACUUM ANALYZE");
    }

    public static async Task<long> SizeAsync(string url, string table)
    {
        await using var connection = await OpenAsync(url);
        await using var ask = new NpgsqlCommand($"SELECT pg_total_relation_size('{table}')", connection);
        return Convert.ToInt64(await ask.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private static async Task CopyAsync(SqliteConnection source, NpgsqlConnection target, string table)
    {
        var columns = new List<(string Name, NpgsqlDbType Type)>();
        await using (var ask = new NpgsqlCommand("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = @table ORDER BY ordinal_position", target))
        {
            ask.Parameters.AddWithValue("table", table);
            await using var answer = await ask.ExecuteReaderAsync();
            while (await answer.ReadAsync())
                columns.Add((answer.GetString(0), TypeOf(answer.GetString(1))));
        }

        var names = string.Join(", ", columns.Select(column => column.Name));
        await using var copy = await target.BeginBinaryImportAsync($"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)");
        copy.Timeout = TimeSpan.FromHours(1);
        await using var read = source.CreateCommand();
        (read.CommandText, read.CommandTimeout) = ($"SELECT {names} FROM {table}", 0);
        await using var rows = await read.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            await copy.StartRowAsync();
            for (var i = 0; i < columns.Count; i++)
                await WriteAsync(copy, rows, i, columns[i].Type);
        }

        await copy.CompleteAsync();
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, SqliteDataReader row, int column, NpgsqlDbType type)
    {
        if (row.IsDBNull(column))
            return copy.WriteNullAsync();
        return type switch
        {
            NpgsqlDbType.Bigint => copy.WriteAsync(row.GetInt64(column), type),
            NpgsqlDbType.Boolean => copy.WriteAsync(row.GetInt64(column) != 0, type),
            NpgsqlDbType.Uuid => copy.WriteAsync(new Guid((byte[])row[column], bigEndian: true), type),
            NpgsqlDbType.Bytea => copy.WriteAsync((byte[])row[column], type),
            _ => copy.WriteAsync(row.GetString(column), type),
        };
    }

    private static NpgsqlDbType TypeOf(string name) => name switch
    {
        "bigint" => NpgsqlDbType.Bigint,
        "boolean" => NpgsqlDbType.Boolean,
        "uuid" => NpgsqlDbType.Uuid,
        "bytea" => NpgsqlDbType.Bytea,
        "text" => NpgsqlDbType.Text,
        _ => throw new InvalidOperationException($"Nothing is known about columns of {name}."),
    };

    private static async Task<NpgsqlConnection> OpenAsync(string url)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(PostgresUrl.ToConnectionString(url)) { CommandTimeout = 0, Pooling = false }.ToString());
        await connection.OpenAsync();
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
