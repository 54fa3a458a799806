using System.Globalization;
using System.Security.Cryptography;
using Hypersend.Server.Engines.Sql.Postgres;
using Hypersend.Server.Engines.Sql.Shared;
using Npgsql;

namespace Hypersend.EngineSpecs.Engines;

public sealed class PostgresEngine : Engine
{
    private const string Variable = "HYPERSEND_TEST_POSTGRES";

    private readonly List<string> _made = [];

    internal override string Name => "postgres";

    internal override string? Absence => Server is null ? $"PostgreSQL is absent: {Variable} is not set" : null;

    private static string? Server => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } url ? url : null;

    internal override async Task<string> CreateAsync()
    {
        var name = "hypersend_spec_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        try
        {
            // A locale that sorts like people do: our columns must not follow it.
            await AskAsync($"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'");
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.SyntaxError)
        {
            await AskAsync($"CREATE DATABASE {name}");
        }

        _made.Add(name);
        return new UriBuilder(Server!) { Path = name }.Uri.ToString();
    }

    internal override SqlDatabase Connect(string url) => new PostgresDatabase(PostgresUrl.ToConnectionString(url)!, TimeProvider.System);

    /// <summary>Runs one statement beside the databases under test.</summary>
    internal static async Task<object?> AskAsync(string sql)
    {
        var connection = new NpgsqlConnectionStringBuilder(PostgresUrl.ToConnectionString(Server!)) { Pooling = false };
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);

        // Databases come and go with a checkpoint, which waits for whatever else this machine's disk has to do.
        command.CommandTimeout = 0;
        return await command.ExecuteScalarAsync();
    }

    private protected override async Task RemoveAsync()
    {
        foreach (var name in _made)
            await AskAsync(string.Create(CultureInfo.InvariantCulture, $"DROP DATABASE {name} WITH (FORCE)"));
    }
}
