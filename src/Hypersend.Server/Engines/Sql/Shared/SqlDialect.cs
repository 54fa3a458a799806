namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>What differs between the two databases, and nothing else.</summary>
internal abstract class SqlDialect
{
    /// <summary>The engine's name in logs and health answers.</summary>
    public abstract string Name { get; }

    /// <summary>Locks the rows a SELECT returns until the transaction ends; SQLite's one writer needs none.</summary>
    public abstract string ForUpdate { get; }

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
