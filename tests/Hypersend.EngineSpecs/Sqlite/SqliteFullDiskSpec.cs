using System.Globalization;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.EngineSpecs.Sqlite;

/// <summary>A disk without space: who needs none goes on, who needs some is told, and nothing is acknowledged that is not there.</summary>
public sealed class SqliteFullDiskSpec(SqliteEngine engine) : StoreSpec(engine), IClassFixture<SqliteEngine>
{
    private const int Big = 1_000_000;

    private protected override async Task PrepareAsync()
    {
        Database = await Engine.OpenAsync();
        await Database.WriteAsync(
        async sql =>
        {
            await sql.ExecuteAsync("CREATE TABLE blobs (bytes BLOB NOT NULL) STRICT; CREATE TABLE counters (id INTEGER PRIMARY KEY, value INTEGER NOT NULL) STRICT");
            for (var id = 0; id < 100; id++)
                await sql.ExecuteAsync("INSERT INTO counters (id, value) VALUES (@id, 0)", new { id });
        },
        Cancellation);
    }

    [Fact]
    public async Task A_write_without_space_is_told_so_and_reads_go_on()
    {
        await TakeSpaceAwayAsync();
        await Assert.ThrowsAsync<StorageFullException>(() => KeepAsync(Big));
        Assert.Equal(100, await Database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT COUNT(*) FROM counters"), Cancellation));
        Assert.Equal(0, await KeptAsync());
    }

    [Fact]
    public async Task Neighbours_that_need_no_space_are_done_whoever_fails_beside_them()
    {
        await TakeSpaceAwayAsync();
        var full = await InOneBatchAsync(400, async i =>
        {
            if (i % 7 == 0)
                return await Record.ExceptionAsync(() => KeepAsync(Big)) is StorageFullException;
            await CountUpAsync(i % 100);
            return false;
        });
        Assert.Equal(Enumerable.Range(0, 400).Count(i => i % 7 == 0), full.Count(one => one));
        Assert.Equal(400 - full.Count(one => one), await Database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT SUM(value) FROM counters"), Cancellation));
        Assert.Equal(0, await KeptAsync());
    }

    [Fact]
    public async Task It_works_again_when_space_is_there()
    {
        await TakeSpaceAwayAsync();
        await Assert.ThrowsAsync<StorageFullException>(() => KeepAsync(Big));
        await GiveSpaceBackAsync();
        await KeepAsync(Big);
        Assert.Equal(1, await KeptAsync());
    }

    [Fact]
    public async Task A_full_disk_that_fills_in_the_middle_of_a_batch_keeps_exactly_what_it_acknowledged()
    {
        await TakeSpaceAwayAsync(roomFor: 10);
        var kept = await InOneBatchAsync(64, async _ => await Record.ExceptionAsync(() => KeepAsync(Big)) switch
        {
            null => true,
            StorageFullException => false,
            var other => throw other,
        });
        Assert.InRange(kept.Count(one => one), 1, 10);
        Assert.Equal(kept.Count(one => one), await KeptAsync());
    }

    /// <summary>Holds the writer until all have been handed in.</summary>
    private async Task<T[]> InOneBatchAsync<T>(int count, Func<int, Task<T>> run)
    {
        using var gate = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        var first = Database.WriteAsync(
            _ =>
            {
                begun.SetResult();
                gate.Wait();
                return Task.FromResult(true);
            },
            Cancellation);
        await begun.Task;
        var running = Enumerable.Range(0, count).Select(run).ToList();
        gate.Set();
        await first;
        return await Task.WhenAll(running);
    }

    // Each test has a file of its own, so its free list is empty: the limit is all the room there is.
    private Task<long> TakeSpaceAwayAsync(int roomFor = 0) => Database.WriteAsync(
        async sql => await LimitAsync(sql, await sql.ScalarAsync<long>("PRAGMA page_count") + (roomFor * Big / 4096)), Cancellation);

    private Task<long> GiveSpaceBackAsync() => Database.WriteAsync(sql => LimitAsync(sql, 1_000_000), Cancellation);

    private Task<int> KeepAsync(int size) => Database.WriteAsync(
        sql => sql.ExecuteAsync("INSERT INTO blobs (bytes) VALUES (zeroblob(@size))", new { size }), Cancellation);

    private Task<int> CountUpAsync(int id) => Database.WriteAsync(
        sql => sql.ExecuteAsync("UPDATE counters SET value = value + 1 WHERE id = @id", new { id }), Cancellation);

    private Task<long> KeptAsync() => Database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT COUNT(*) FROM blobs"), Cancellation);

    private static Task<long> LimitAsync(SqlSession sql, long pages) =>
        sql.ScalarAsync<long>(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}"));
}
