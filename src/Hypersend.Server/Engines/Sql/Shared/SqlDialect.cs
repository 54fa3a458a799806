using Dapper;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>What differs between the two databases, and nothing else.</summary>
internal abstract class SqlDialect
{
    /// <summary>The engine's name in logs and health answers.</summary>
    public abstract string Name { get; }

    /// <summary>The database's own clock, in whole milliseconds: what several programs agree on.</summary>
    public abstract string Now { get; }

    /// <summary>Locks the rows a SELECT returns until the transaction ends; SQLite's one writer needs none.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>
    /// Lets one transaction at a time past this statement, until it ends; null for the engine with one writer. Taken last, so
    /// that whoever waits for it holds nothing that its holder still needs.
    /// </summary>
    public abstract string? OneAtATime { get; }

    /// <summary>The engine's own name for a row, for deleting a few of many.</summary>
    public abstract string RowId { get; }

    /// <summary>Counts the tables that are called @table: 0 or 1.</summary>
    public abstract string CountTables { get; }

    /// <summary>The condition "is one of the numbers in this parameter", the same text however many there are.</summary>
    public abstract string In(string parameter);

    /// <summary>The values of such a query: the numbers in the engine's own form, and the others.</summary>
    public DynamicParameters Keys(IReadOnlyCollection<long> keys, object? others = null)
    {
        var values = new DynamicParameters(others);
        values.Add("keys", ListOf(keys));
        return values;
    }

    protected abstract object ListOf(IReadOnlyCollection<long> numbers);

    /// <summary>How many batches of messages it pays to commit beside each other.</summary>
    public abstract int WriteLanes { get; }

    /// <summary>Counts the lines that other programs of ours have to this database, asked on our first; null where they cannot have any.</summary>
    public virtual string? CountOthers => null;

    /// <summary>Lets the transaction of the session be left alone for as long as it likes; null where it may anyway.</summary>
    public virtual string? Unhurried => null;

    /// <summary>Finds one row when there is a table of the name in the parameter "table".</summary>
    public abstract string FindTable { get; }

    /// <summary>Makes a numbered table go on behind its highest number; null where it does so by itself.</summary>
    public abstract string? GoOnBehind(string table, string number);

    /// <summary>The quickest way to put many rows into a table, in the transaction of the session.</summary>
    public abstract RowLoad Load(SqlSession sql, SchemaTable table);

    /// <summary>The hot path of sending.</summary>
    public abstract MessageAppend Append { get; }

    /// <summary>The hot path of reading.</summary>
    public virtual MessageReader Messages { get; } = new();

    /// <summary>The engine's words for the column types of a migration.</summary>
    protected abstract IReadOnlyDictionary<string, string> Types { get; }

    /// <summary>Puts the engine's types in place of <c>{uuid}</c>, <c>{time}</c> and the like.</summary>
    public string Translate(string migration)
    {
        foreach (var (token, type) in Types)
            migration = migration.Replace(token, type, StringComparison.Ordinal);
        return migration;
    }
}
