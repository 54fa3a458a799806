using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Npgsql;

namespace Hypersend.EngineSpecs.Postgres;

/// <summary>Writers that get in each other's way: the loser runs again and nobody hears of it.</summary>
public sealed class PostgresConflictsSpec(PostgresEngine engine) : StoreSpec(engine), IClassFixture<PostgresEngine>
{
    private protected override Task PrepareAsync() => Database.WriteAsync(
        sql => sql.ExecuteAsync(
            "DROP TABLE IF EXISTS counters; CREATE TABLE counters (name text PRIMARY KEY, value bigint NOT NULL); INSERT INTO counters VALUES ('left', 0), ('right', 0)"),
        Cancellation);

    [Fact]
    public async Task Two_that_lock_the_same_rows_in_opposite_order_both_succeed()
    {
        var meeting = new Meeting();
        var runs = 0;
        await Race.RunAsync(2, i => Database.WriteAsync(
            async sql =>
            {
                Interlocked.Increment(ref runs);
                await CountUpAsync(sql, i == 0 ? "left" : "right");
                await meeting.ArriveAsync();
                await CountUpAsync(sql, i == 0 ? "right" : "left");
            },
            Cancellation));
        Assert.InRange(runs, 3, 10);
        Assert.Equal([2, 2], await ValuesAsync());
    }

    [Fact]
    public async Task A_snapshot_that_was_overtaken_is_taken_again()
    {
        var meeting = new Meeting();
        var runs = 0;
        await Race.RunAsync(2, _ => Database.WriteAsync(
            async sql =>
            {
                Interlocked.Increment(ref runs);
                await sql.ExecuteAsync("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
                var value = await sql.ScalarAsync<long>("SELECT value FROM counters WHERE name = 'left'");
                await meeting.ArriveAsync();
                await sql.ExecuteAsync("UPDATE counters SET value = @value WHERE name = 'left'", new { value = value + 1 });
            },
            Cancellation));
        Assert.InRange(runs, 3, 10);
        Assert.Equal([2, 0], await ValuesAsync());
    }

    [Fact]
    public async Task Two_that_find_the_same_name_free_get_one_yes_and_one_refusal()
    {
        var meeting = new Meeting();
        var taken = await Race.RunAsync(2, _ => Database.WriteAsync(
            async sql =>
            {
                if (await sql.ScalarAsync<long>("SELECT COUNT(*) FROM counters WHERE name = 'new'") > 0)
                    return true;
                await meeting.ArriveAsync();
                await sql.ExecuteAsync("INSERT INTO counters VALUES ('new', 0)");
                return false;
            },
            Cancellation));
        Assert.Equal([false, true], taken.Order());
    }

    [Fact]
    public async Task A_row_that_is_there_for_good_still_ends_in_the_error_it_is()
    {
        var error = await Assert.ThrowsAsync<PostgresException>(() => Database.WriteAsync(
            sql => sql.ExecuteAsync("INSERT INTO counters VALUES ('left', 0)"), Cancellation));
        Assert.Equal(PostgresErrorCodes.UniqueViolation, error.SqlState);
    }

    private static Task<int> CountUpAsync(SqlSession sql, string name) =>
        sql.ExecuteAsync("UPDATE counters SET value = value + 1 WHERE name = @name", new { name });

    private Task<IReadOnlyList<long>> ValuesAsync() =>
        Database.ReadAsync(sql => sql.ListAsync<long>("SELECT value FROM counters ORDER BY name"), Cancellation);

    /// <summary>Two wait for each other here the first time; whoever comes again goes through.</summary>
    private sealed class Meeting
    {
        private readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _arrived;

        public Task ArriveAsync()
        {
            if (Interlocked.Increment(ref _arrived) == 2)
                _both.SetResult();
            return _both.Task;
        }
    }
}
