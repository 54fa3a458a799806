using System.Diagnostics.Metrics;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Engines.Sql.Sqlite;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.EngineSpecs.Sqlite;

/// <summary>What is SQLite's own: the one writer that commits for many, and the threads that read.</summary>
[Collection(nameof(Alone))]
public sealed class SqliteWriterSpec(SqliteEngine engine) : StoreSpec(engine), IClassFixture<SqliteEngine>
{
    private const int QueueLimit = 4096;

    private protected override Task PrepareAsync() => Database.WriteAsync(
        sql => sql.ExecuteAsync("CREATE TABLE IF NOT EXISTS notes (text TEXT NOT NULL) STRICT; DELETE FROM notes"), Cancellation);

    [Fact]
    public async Task A_commit_is_on_disk_before_it_is_answered()
    {
        Assert.Equal(2, await Database.WriteAsync(sql => sql.ScalarAsync<long>("PRAGMA synchronous"), Cancellation));
        Assert.Equal("wal", await Database.WriteAsync(sql => sql.ScalarAsync<string>("PRAGMA journal_mode"), Cancellation));
        Assert.Equal(0, await Database.WriteAsync(sql => sql.ScalarAsync<long>("PRAGMA wal_autocheckpoint"), Cancellation));
        Assert.Equal(1, await Database.WriteAsync(sql => sql.ScalarAsync<long>("PRAGMA foreign_keys"), Cancellation));
    }

    [Fact]
    public async Task Many_writers_share_a_commit()
    {
        long commits = 0, writes = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, meters) =>
            {
                if (instrument.Meter.Name == "Hypersend.Sql")
                    meters.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            if (instrument.Name == "hypersend.sql.commits")
                Interlocked.Add(ref commits, value);
            else if (instrument.Name == "hypersend.sql.writes")
                Interlocked.Add(ref writes, value);
        });
        listener.Start();

        await Race.RunAsync(64, async _ =>
        {
            for (var i = 0; i < 50; i++)
                await AddAsync("one of many");
        });
        Assert.Equal(64 * 50, Interlocked.Read(ref writes));
        Assert.InRange(Interlocked.Read(ref commits), 1, 64 * 50 / 8);
    }

    [Fact]
    public async Task A_full_queue_says_so_at_once_and_takes_on_again()
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
        var waiting = Enumerable.Range(0, QueueLimit).Select(_ => AddAsync("waits")).ToList();
        await Assert.ThrowsAsync<QueueFullException>(() => AddAsync("too much"));
        gate.Set();
        await first;
        await Task.WhenAll(waiting);
        await AddAsync("again");
        Assert.Equal(QueueLimit + 1, await CountAsync());
    }

    [Fact]
    public async Task A_write_cancelled_while_it_waits_is_not_done()
    {
        using var gate = new ManualResetEventSlim();
        using var impatient = new CancellationTokenSource();
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
        var cancelled = Database.WriteAsync(sql => AddAsync(sql, "never"), impatient.Token);
        var neighbour = AddAsync("mine");
        await impatient.CancelAsync();
        gate.Set();
        await Task.WhenAll(first, neighbour);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Work_that_awaits_anything_but_the_database_is_refused_and_can_do_no_harm_later()
    {
        var elsewhere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var after = new TaskCompletionSource<Exception?>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Database.WriteAsync(
            async sql =>
            {
                await AddAsync(sql, "before");
                await elsewhere.Task;
                after.SetResult(await Record.ExceptionAsync(() => AddAsync(sql, "after")));
            },
            Cancellation));
        elsewhere.SetResult();
        Assert.IsType<InvalidOperationException>(await after.Task);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Database.ReadAsync(sql => AddAsync(sql, "no"), Cancellation));
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Writes_that_wait_when_the_database_closes_are_done_and_later_ones_refused()
    {
        var url = await Engine.CreateAsync();
        List<Task<int>> waiting;
        var closing = new SqliteDatabase(url, TimeProvider.System);
        await using (closing)
        {
            await closing.WriteAsync(sql => sql.ExecuteAsync("CREATE TABLE notes (text TEXT NOT NULL) STRICT"), Cancellation);
            waiting = [.. Enumerable.Range(0, 500).Select(_ => closing.WriteAsync(sql => AddAsync(sql, "last"), Cancellation))];
        }

        await Task.WhenAll(waiting);
        await Assert.ThrowsAsync<EngineUnavailableException>(() => closing.WriteAsync(sql => AddAsync(sql, "late"), Cancellation));
        await Assert.ThrowsAsync<EngineUnavailableException>(() => closing.ReadAsync(sql => sql.ScalarAsync<long>("SELECT 1"), Cancellation));
        Assert.Equal(500, await Engine.Open(url).ReadAsync(sql => sql.ScalarAsync<long>("SELECT COUNT(*) FROM notes"), Cancellation));
    }

    [Fact]
    public async Task A_file_that_is_no_database_stops_with_a_sentence()
    {
        var url = await Engine.CreateAsync();
        await File.WriteAllTextAsync(url, new string('x', 5000), Cancellation);
        var refusal = Assert.Throws<InvalidOperationException>(() => Engine.Connect(url));
        Assert.Contains(url, refusal.Message, StringComparison.Ordinal);
    }

    private static Task<int> AddAsync(SqlSession sql, string text) => sql.ExecuteAsync("INSERT INTO notes (text) VALUES (@text)", new { text });

    private Task<int> AddAsync(string text) => Database.WriteAsync(sql => AddAsync(sql, text), Cancellation);

    private Task<long> CountAsync() => Database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT COUNT(*) FROM notes"), Cancellation);
}
