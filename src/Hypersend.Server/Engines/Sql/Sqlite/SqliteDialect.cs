using System.Globalization;
using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.Server.Engines.Sql.Sqlite;

/// <summary>SQLite's words. Tables are STRICT, so that a wrong type is an error here as it is on PostgreSQL.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    public override string Name => "sqlite";

    public override string RowId => "rowid";

    public override string Now => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";

    public override string CountTables => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @table";

    public override string ForUpdate => "";

    public override string? OneAtATime => null;

    public override string In(string parameter) => $"IN (SELECT value FROM json_each(@{parameter}))";

    protected override object ListOf(IReadOnlyCollection<long> numbers) =>
        "[" + string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))) + "]";

    public override int WriteLanes => 1;

    public override string FindTable => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = @table";

    public override string? GoOnBehind(string table, string number) => null;

    public override RowLoad Load(SqlSession sql, SchemaTable table)
    {
        var columns = table.Columns.Select(column => column.Name).ToList();
        var insert = $"INSERT INTO {table.Name} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(_ => "?"))})";
        return new SqliteRowLoad(((PreparingConnection)sql.Connection).Raw(insert));
    }

    public override MessageAppend Append { get; } = new SqliteMessageAppend();

    public override MessageReader Messages { get; } = new SqliteMessageReader();

    protected override IReadOnlyDictionary<string, string> Types { get; } = new Dictionary<string, string>
    {
        ["{uuid}"] = "BLOB",
        ["{bytes}"] = "BLOB",
        ["{number}"] = "INTEGER PRIMARY KEY",
        ["{false}"] = "0",
        ["{time}"] = "INTEGER",
        ["{int}"] = "INTEGER",
        ["{bool}"] = "INTEGER",
        ["{text}"] = "TEXT",
        ["{strict}"] = " STRICT",
    };
}
