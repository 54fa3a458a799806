using Hypersend.Server.Engines.Sql.Postgres;
using Hypersend.Server.Platform.Settings;

namespace Hypersend.Server.Engines.Sql;

/// <summary>Where DATABASE_URL leads: a file of SQLite, or a PostgreSQL server.</summary>
internal sealed record DatabaseUrl
{
    private const string Shape = "sqlite:<path> or " + PostgresUrl.Shape;

    /// <summary>Of the file; null with PostgreSQL.</summary>
    public string? SqlitePath { get; private init; }

    /// <summary>As the driver takes it; null with SQLite.</summary>
    public string? PostgresConnection { get; private init; }

    /// <summary>Null when the setting is wrong; it was refused then.</summary>
    public static DatabaseUrl? From(SettingsReader settings, ServerOptions server)
    {
        var url = settings.Text("DATABASE_URL", "sqlite:" + Path.Combine(server.DataRoot, "hypersend.db"));
        if (url.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase) && url.Length > "sqlite:".Length)
            return new DatabaseUrl { SqlitePath = Path.GetFullPath(url["sqlite:".Length..]) };
        if (url.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) && PostgresUrl.ToConnectionString(url) is { } connection)
            return new DatabaseUrl { PostgresConnection = connection };
        settings.Refuse("DATABASE_URL", url, Shape, "sqlite:data/hypersend.db");
        return null;
    }

    // It holds a password, which the made ToString of a record would print.
    public override string ToString() => SqlitePath ?? "PostgreSQL";
}
