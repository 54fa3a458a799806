using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Hypersend.Server.Engines.Sql.Postgres;
using Hypersend.Server.Engines.Sql.Sqlite;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Hypersend.Load.Send;

/// <summary>
/// What a server does that commits every message by itself: one insert, one durable commit, the next; on as many
/// connections as are given. No network, no rights, no counters: the least there is.
/// </summary>
internal sealed class CommitLoop : IAsyncDisposable
{
    private readonly DbConnection[] _connections;
    private readonly string _table;
    private long _next;

    private CommitLoop(DbConnection[] connections, string table) => (_connections, _table) = (connections, table);

    public static async Task<CommitLoop> OnSqliteAsync(string folder)
    {
        SqliteLibrary.Load();
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "commits.db")};Pooling=False");
        await connection.OpenAsync();
        await RunAsync(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000");
        await RunAsync(connection, Table("said"));
        return new CommitLoop([connection], "said");
    }

    public static async Task<CommitLoop> OnPostgresAsync(string url, int connections)
    {
        var opened = new DbConnection[connections];
        for (var i = 0; i < connections; i++)
        {
            opened[i] = new NpgsqlConnection(PostgresUrl.ToConnectionString(url));
            await opened[i].OpenAsync();
        }

        var table = string.Create(CultureInfo.InvariantCulture, $"said_on_{connections}");
        await RunAsync(opened[0], Table(table));
        return new CommitLoop(opened, table);
    }

    /// <summary>Commits a second.</summary>
    public async Task<double> RunAsync(TimeSpan length, string content)
    {
        var began = Stopwatch.GetTimestamp();
        var done = await Task.WhenAll(_connections.Select((connection, lane) => Task.Run(() => CommitAsync(connection, lane, content, began, length))));
        return done.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
    }

    private async Task<int> CommitAsync(DbConnection connection, int lane, string content, long began, TimeSpan length)
    {
        await using var insert = connection.CreateCommand();
        insert.CommandText = $"INSERT INTO {_table} (chat, seq, sender, client_id, content, at) VALUES (@chat, @seq, @sender, @client, @content, @at)";
        var (seq, client) = (Add(insert, "@seq", 0L), Add(insert, "@client", ""));
        Add(insert, "@chat", (long)lane);
        Add(insert, "@sender", "01890af2-5c3e-7c4a-9d3b-8f0e6b7a1c2d");
        Add(insert, "@content", content);
        Add(insert, "@at", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        await insert.PrepareAsync();
        var count = 0;
        for (; Stopwatch.GetElapsedTime(began) < length; count++)
        {
            var number = Interlocked.Increment(ref _next);
            seq.Value = number;
            client.Value = number.ToString("D20", CultureInfo.InvariantCulture);
            await insert.ExecuteNonQueryAsync();
        }

        return count;
    }

    private static DbParameter Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
        return parameter;
    }

    private static async Task RunAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private static string Table(string name) =>
        $"""
        CREATE TABLE {name} (chat bigint NOT NULL, seq bigint NOT NULL, sender varchar NOT NULL, client_id varchar NOT NULL,
            content varchar NOT NULL, at bigint NOT NULL, PRIMARY KEY (chat, seq), UNIQUE (chat, sender, client_id))
        """;
}
