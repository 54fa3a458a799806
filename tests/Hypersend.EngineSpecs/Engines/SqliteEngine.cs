using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Engines.Sql.Sqlite;

namespace Hypersend.EngineSpecs.Engines;

public sealed class SqliteEngine : Engine
{
    private readonly ScratchFolder _folder = new();
    private int _made;

    internal override string Name => "sqlite";

    internal override string? Absence => null;

    internal override Task<string> CreateAsync() => Task.FromResult(_folder.File($"{Interlocked.Increment(ref _made)}.db"));

    internal override SqlDatabase Connect(string url) => new SqliteDatabase(url, TimeProvider.System);

    private protected override Task RemoveAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}
