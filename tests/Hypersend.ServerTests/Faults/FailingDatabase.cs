using Hypersend.Server.Engines.Sql.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Faults;

/// <summary>
/// The real database, with a plan for what fails: each beginning of a transaction, each statement in it, and the answer to
/// its commit count as one call.
/// </summary>
internal sealed class FailingDatabase(SqlDatabase inner, FaultPlan plan) : SqlDatabase(inner.Dialect)
{
    /// <summary>Puts itself in the place of whichever database the settings chose.</summary>
    public static Action<IServiceCollection> With(FaultPlan plan) => services =>
    {
        var real = services.Single(service => service.ServiceType == typeof(SqlDatabase));
        services.Remove(real);
        services.AddSingleton<SqlDatabase>(provider => new FailingDatabase((SqlDatabase)real.ImplementationFactory!(provider), plan));
    };

    public override Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation)
    {
        plan.Call();
        return inner.ReadAsync(session => work(new FailingSession(session, plan)), cancellation);
    }

    public override Task<T> SnapshotAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation)
    {
        plan.Call();
        return inner.SnapshotAsync(session => work(new FailingSession(session, plan)), cancellation);
    }

    public override async Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellation)
    {
        plan.Call();
        var answer = await inner.WriteAsync(session => work(new FailingSession(session, plan)), cancellation);
        plan.CallAfterCommit();
        return answer;
    }

    public override Task MigrateAsync(IReadOnlyList<Migration> migrations, CancellationToken cancellation) => inner.MigrateAsync(migrations, cancellation);

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class FailingSession(SqlSession inner, FaultPlan plan) : SqlSession(inner.Connection, inner.Transaction, inner.Dialect, inner.Cancellation)
    {
        protected override void OnStatement() => plan.Call();
    }
}
