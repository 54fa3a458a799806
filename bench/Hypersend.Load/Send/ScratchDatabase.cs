using System.Globalization;
using System.Security.Cryptography;
using Hypersend.Server.Engines.Sql.Postgres;
using Npgsql;

namespace Hypersend.Load.Send;

/// <summary>A database of its own on a given PostgreSQL, dropped at the end.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;

    private ScratchDatabase(string server, string name, string url, string durability)
    {
        (_server, _name, Url, Durability) = (server, name, url, durability);
    }

    public string Url { get; }

    /// <summary>Empty when a commit is on the disk; otherwise what the server leaves out.</summary>
    public string Durability { get; }

    public static async Task<ScratchDatabase> MakeAsync(string server)
    {
        var name = "hypersend_bench_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        await using var connection = await OpenAsync(server);
        await using var make = new NpgsqlCommand("CREATE DATABASE " + name, connection);
        await make.ExecuteNonQueryAsync();
        await using var ask = new NpgsqlCommand("SELECT current_setting('fsync') || ' ' || current_setting('synchronous_commit')", connection);
        var durability = Convert.ToString(await ask.ExecuteScalarAsync(), CultureInfo.InvariantCulture) == "on on" ? "" : "NOT DURABLE: fsync or synchronous_commit is off; ";
        return new ScratchDatabase(server, name, new UriBuilder(server) { Path = "/" + name }.ToString(), durability);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await using var connection = await OpenAsync(_server);
        await using var drop = new NpgsqlCommand($"DROP DATABASE {_name} WITH (FORCE)", connection);
        await drop.ExecuteNonQueryAsync();
    }

    private static async Task<NpgsqlConnection> OpenAsync(string server)
    {
        var connection = new NpgsqlConnection(PostgresUrl.ToConnectionString(server) ?? throw new ArgumentException("--postgres= wants " + PostgresUrl.Shape));
        await connection.OpenAsync();
        return connection;
    }
}
