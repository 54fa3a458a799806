using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.Server.Engines.Sql.Postgres;

/// <summary>PostgreSQL's words. Text compares by code point, as SQLite does, whatever locale the cluster was made with.</summary>
internal sealed class PostgresDialect : SqlDialect
{
    public override string Name => "postgresql";

    public override string ForUpdate => " FOR UPDATE";

    protected override IReadOnlyDictionary<string, string> Types { get; } = new Dictionary<string, string>
    {
        ["{uuid}"] = "uuid",
        ["{bytes}"] = "bytea",
        ["{time}"] = "bigint",
        ["{int}"] = "bigint",
        ["{bool}"] = "boolean",
        ["{text}"] = "text COLLATE \"C\"",
        ["{strict}"] = "",
    };
}
