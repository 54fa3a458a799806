using System.Security.Cryptography;
using Hypersend.Server.Engines.Sql.Postgres;
using Npgsql;

namespace Hypersend.ServerTests.Fixture;

/// <summary>A database of one test server: a file in its folder, or a fresh one on the PostgreSQL that the environment names.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private const string EngineVariable = "HYPERSEND_TEST_DATABASE";
    private const string PostgresVariable = "HYPERSEND_TEST_POSTGRES";

    private readonly string _secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));
    private readonly string _pepper = "test:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private string? _url;
    private string? _created;

    public TestDatabase()
    {
    }

    private TestDatabase(TestDatabase first) => (_secret, _pepper, _url, IsShared) = (first._secret, first._pepper, first._url, true);

    public static bool IsPostgres => Environment.GetEnvironmentVariable(EngineVariable) switch
    {
        null or "" or "sqlite" => false,
        "postgres" => true,
        var other => throw new InvalidOperationException($"{EngineVariable}={other}: it must be sqlite or postgres."),
    };

    /// <summary>It belongs to another server.</summary>
    public bool IsShared { get; }

    /// <summary>What the server calls this engine.</summary>
    public static string EngineName => IsPostgres ? "postgresql" : "sqlite";

    /// <summary>Why there is no such engine; null when there is.</summary>
    public static string? Missing => IsPostgres && string.IsNullOrEmpty(PostgresAddress) ? $"{EngineVariable}=postgres, but {PostgresVariable} names no server." : null;

    /// <summary>The same database for another server, which leaves it alone at its end.</summary>
    public TestDatabase Shared() => new(this);

    /// <summary>The settings that lead a server here; makes the database the first time.</summary>
    public async Task<string[]> SettingsAsync(string dataRoot)
    {
        if (_url is null && !IsShared)
            _url = IsPostgres ? await CreateAsync() : "sqlite:" + Path.Combine(dataRoot, "hypersend.db");
        return [$"--DATABASE_URL={_url}", $"--SECRET_KEY={_secret}", $"--PASSWORD_PEPPER={_pepper}"];
    }

    public async ValueTask DisposeAsync()
    {
        if (_created is null)
            return;
        await using var connection = new NpgsqlConnection(Maintenance);
        await connection.OpenAsync();
        await using var drop = new NpgsqlCommand($"DROP DATABASE IF EXISTS {_created} WITH (FORCE)", connection) { CommandTimeout = 0 };
        await drop.ExecuteNonQueryAsync();
    }

    private static string? PostgresAddress => Environment.GetEnvironmentVariable(PostgresVariable);

    private static string Maintenance => PostgresUrl.ToConnectionString(PostgresAddress!)
        ?? throw new InvalidOperationException($"{PostgresVariable} must be {PostgresUrl.Shape}.");

    private async Task<string> CreateAsync()
    {
        var name = "hs_test_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        await using var connection = new NpgsqlConnection(Maintenance);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection) { CommandTimeout = 0 };
        await create.ExecuteNonQueryAsync();
        _created = name;

        // Many servers of several nodes run side by side, and PostgreSQL has so many connections for all of them.
        var url = new UriBuilder(PostgresAddress!) { Path = "/" + name };
        if (Cluster.IsOn)
            url.Query = "pool=10";
        return url.Uri.ToString();
    }
}
