using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.EngineSpecs.Engines;

/// <summary>A spec of something that stands on a database; the tests of one class share one, so each uses names of its own.</summary>
public abstract class StoreSpec(Engine engine) : IAsyncLifetime
{
    private protected static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private protected Engine Engine => engine;

    private protected SqlDatabase Database { get; set; } = null!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Database = await engine.SharedAsync();
        await PrepareAsync();
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected virtual Task PrepareAsync() => Task.CompletedTask;
}
