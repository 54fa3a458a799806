using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.Server.Engines.Sql.Postgres;

/// <summary>PostgreSQL's words. Text compares by code point, as SQLite does, whatever locale the cluster was made with.</summary>
internal sealed class PostgresDialect : SqlDialect
{
    public override string Name => "postgresql";

    // Not FOR UPDATE, which would also hold up every row that merely refers to this one.
    public override string ForUpdate => " FOR NO KEY UPDATE";

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
