using Npgsql;

namespace Hypersend.Server.Engines.Sql.Postgres;

/// <summary>Reads <c>postgres://user:password@host:5432/database?sslmode=require&amp;pool=40</c>.</summary>
internal static class PostgresUrl
{
    /// <summary>What our connections call themselves.</summary>
    public const string Program = "hypersend";

    public const string Shape = "postgres://user:password@host:5432/database?sslmode=require&pool=40";

    /// <summary>Null when the text is no such address.</summary>
    public static string? ToConnectionString(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0 || url.AbsolutePath.Length < 2)
            return null;

        var login = url.UserInfo.Split(':', 2);
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.IsDefaultPort || url.Port < 0 ? 5432 : url.Port,
            Database = Uri.UnescapeDataString(url.AbsolutePath[1..]),
            Username = Uri.UnescapeDataString(login[0]),
            Password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null,
            ApplicationName = Program,
            Timeout = 5,
            CommandTimeout = 10,
            CancellationTimeout = 1_000,
            KeepAlive = 30,
            MaxPoolSize = 20,
            MaxAutoPrepare = 200,

            // A line may die without either end being told. What this end had locked is free again by the time it has given up itself.
            Options = "-c idle_in_transaction_session_timeout=10s",
        };

        foreach (var part in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            var value = pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "";
            switch (pair[0])
            {
                case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode):
                    connection.SslMode = mode;
                    break;
                case "pool" when int.TryParse(value, out var size) && size is >= 2 and <= 500:
                    connection.MaxPoolSize = size;
                    break;
                default:
                    return null;
            }
        }

        return connection.ToString();
    }
}
