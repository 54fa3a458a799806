using System.Globalization;
using Hypersend.Server.Engines.Sql.Postgres;
using Npgsql;

namespace Hypersend.Load.Search;

/// <summary>What the processes of a PostgreSQL server on this machine have worked.</summary>
internal static class PostgresProcesses
{
    private const int TicksPerSecond = 100;

    /// <summary>Of those that serve a database now, with the helpers of the whole server; nothing when it runs elsewhere.</summary>
    public static async Task<TimeSpan> WorkedAsync(string url)
    {
        await using var connection = new NpgsqlConnection(PostgresUrl.ToConnectionString(url));
        await connection.OpenAsync();
        await using var ask = new NpgsqlCommand("SELECT pid FROM pg_stat_activity WHERE (datname = current_database() OR datname IS NULL) AND pid <> pg_backend_pid()", connection);
        await using var answer = await ask.ExecuteReaderAsync();
        var ticks = 0L;
        while (await answer.ReadAsync())
        {
            var stat = string.Create(CultureInfo.InvariantCulture, $"/proc/{answer.GetInt32(0)}/stat");
            if (!File.Exists(stat))
                continue;

            // Behind the name in parentheses: user and system time are the 12th and 13th.
            var text = await File.ReadAllTextAsync(stat);
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            ticks += long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        }

        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }
}
