using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>SQLite's words. Tables are STRICT, so that a wrong type is an error here as it is on PostgreSQL.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    public override string Name => "sqlite";

    public override string ForUpdate => "";

    protected override IReadOnlyDictionary<string, string> Types { get; } = new Dictionary<string, string>
    {
        ["{uuid}"] = "BLOB",
        ["{bytes}"] = "BLOB",
        ["{time}"] = "INTEGER",
        ["{int}"] = "INTEGER",
        ["{bool}"] = "INTEGER",
        ["{text}"] = "TEXT",
        ["{strict}"] = " STRICT",
    };
}
