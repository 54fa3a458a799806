using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.EngineSpecs.Sql;

/// <summary>What every store relies on: a write is all or nothing, durable when its task completes, and never lost.</summary>
public abstract partial class SqlDatabaseSpec(Engine engine) : StoreSpec(engine)
{
    private sealed class Refused : Exception;

    private protected override async Task PrepareAsync()
    {
        await Database.WriteAsync(
            async sql =>
            {
                await sql.ExecuteAsync("DROP TABLE IF EXISTS counters");
                await sql.ExecuteAsync(sql.Dialect.Translate("CREATE TABLE counters (name {text} PRIMARY KEY, value {int} NOT NULL){strict}"));
            },
            Cancellation);
    }

    [Fact]
    public async Task A_committed_write_is_seen_by_reads()
    {
        for (var i = 0; i < 50; i++)
        {
            await InsertAsync($"row {i}");
            Assert.Equal(i + 1, await CountAsync());
        }
    }

    [Fact]
    public async Task A_write_gives_back_what_its_work_gives_back() =>
        Assert.Equal("an answer", await Database.WriteAsync(_ => Task.FromResult("an answer"), Cancellation));

    [Fact]
    public async Task A_failing_write_changes_nothing_and_throws_what_its_work_threw()
    {
        await Assert.ThrowsAsync<Refused>(() => Database.WriteAsync(
            async sql =>
            {
                await InsertAsync(sql, "half");
                throw new Refused();
            },
            Cancellation));
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_failing_statement_changes_nothing()
    {
        await InsertAsync("one");
        await Assert.ThrowsAnyAsync<Exception>(() => Database.WriteAsync(
            async sql =>
            {
                await InsertAsync(sql, "two");
                await InsertAsync(sql, "one");
            },
            Cancellation));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_failing_write_does_not_harm_its_neighbours()
    {
        var refused = await Race.RunAsync(200, async i =>
        {
            try
            {
                await Database.WriteAsync(
                    async sql =>
                    {
                        await InsertAsync(sql, $"row {i}");
                        if (i % 7 == 0)
                            throw new Refused();
                        if (i % 7 == 1)
                            await sql.ExecuteAsync("this is not SQL");
                    },
                    Cancellation);
                return false;
            }
            catch (Exception exception) when (exception is Refused or System.Data.Common.DbException)
            {
                return true;
            }
        });

        var expected = Enumerable.Range(0, 200).Where(i => i % 7 > 1).Select(i => $"row {i}").Order(StringComparer.Ordinal);
        Assert.Equal(200 - expected.Count(), refused.Count(one => one));
        Assert.Equal(expected, await Database.ReadAsync(sql => sql.ListAsync<string>("SELECT name FROM counters ORDER BY name"), Cancellation));
    }

    [Fact]
    public async Task Increments_at_once_lose_nothing()
    {
        await InsertAsync("visits");
        await Race.RunAsync(200, _ => Database.WriteAsync(
            async sql =>
            {
                var value = await sql.ScalarAsync<long>("SELECT value FROM counters WHERE name = 'visits'" + sql.Dialect.ForUpdate);
                await sql.ExecuteAsync("UPDATE counters SET value = @value WHERE name = 'visits'", new { value = value + 1 });
            },
            Cancellation));
        Assert.Equal(200, await Database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT value FROM counters WHERE name = 'visits'"), Cancellation));
    }

    [Fact]
    public async Task A_write_cancelled_before_it_began_is_not_done()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Database.WriteAsync(sql => InsertAsync(sql, "never"), cancelled.Token));
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_read_cancelled_before_it_began_is_not_done()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var ran = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Database.ReadAsync(
            sql =>
            {
                ran = true;
                return sql.ScalarAsync<long>("SELECT 1");
            },
            cancelled.Token));
        Assert.False(ran);
    }

    [Fact]
    public async Task A_session_kept_beyond_its_work_is_of_no_use()
    {
        SqlSession? kept = null;
        await Database.WriteAsync(
            sql =>
            {
                kept = sql;
                return Task.CompletedTask;
            },
            Cancellation);
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => InsertAsync(kept!, "afterwards"));
        Assert.Equal(0, await CountAsync());
    }

    private static Task<int> InsertAsync(SqlSession sql, string name) =>
        sql.ExecuteAsync("INSERT INTO counters (name, value) VALUES (@name, 0)", new { name });

    private Task<int> InsertAsync(string name) => Database.WriteAsync(sql => InsertAsync(sql, name), Cancellation);

    private Task<long> CountAsync() => Database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT COUNT(*) FROM counters"), Cancellation);
}
