using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.EngineSpecs.Engines;

/// <summary>A database engine as a fixture: makes fresh databases, opens them, and takes all of them away afterwards.</summary>
public abstract class Engine : IAsyncLifetime
{
    private readonly List<SqlDatabase> _opened = [];
    private SqlDatabase? _shared;

    /// <summary>The name by which a child process is told which engine to use.</summary>
    internal abstract string Name { get; }

    /// <summary>Why this engine cannot be had here; null when it can.</summary>
    internal abstract string? Absence { get; }

    /// <summary>An empty database of its own, by its address.</summary>
    internal abstract Task<string> CreateAsync();

    internal abstract SqlDatabase Connect(string url);

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _opened)
            await database.DisposeAsync();
        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>One more door to a database that is there; closed with the fixture.</summary>
    internal SqlDatabase Open(string url)
    {
        var database = Connect(url);
        _opened.Add(database);
        return database;
    }

    /// <summary>A migrated database that nobody else uses.</summary>
    internal async Task<SqlDatabase> OpenAsync()
    {
        if (Absence is { } reason)
            Assert.Skip(reason);
        var database = Open(await CreateAsync());
        await database.MigrateAsync(Migration.Embedded(), CancellationToken.None);
        return database;
    }

    /// <summary>The migrated database that all tests of a class share.</summary>
    internal async Task<SqlDatabase> SharedAsync() => _shared ??= await OpenAsync();

    /// <summary>Takes away every database that was made.</summary>
    private protected abstract Task RemoveAsync();
}
