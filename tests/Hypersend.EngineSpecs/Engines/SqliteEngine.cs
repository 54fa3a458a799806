using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Engines.Sql.Sqlite;

namespace Hypersend.EngineSpecs.Engines;

public sealed class SqliteEngine : Engine
{
    // Made when it is needed: a child that is killed could not take it away.
    private readonly Lazy<ScratchFolder> _folder = new();
    private int _made;

    internal override string Name => "sqlite";

    internal override string? Absence => null;

    internal override Task<string> CreateAsync() => Task.FromResult(_folder.Value.File($"{Interlocked.Increment(ref _made)}.db"));

    internal override SqlDatabase Connect(string url) => new SqliteDatabase(url, TimeProvider.System);

    private protected override Task RemoveAsync()
    {
        if (_folder.IsValueCreated)
            _folder.Value.Dispose();
        return Task.CompletedTask;
    }
}
