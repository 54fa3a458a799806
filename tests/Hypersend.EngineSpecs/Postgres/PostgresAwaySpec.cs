using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.EngineSpecs.Postgres;

/// <summary>A database that goes away: said at once, by the right exception, and over by itself when it is back.</summary>
public sealed class PostgresAwaySpec(PostgresEngine engine) : StoreSpec(engine), IClassFixture<PostgresEngine>
{
    private string _url = "";

    private protected override async Task PrepareAsync()
    {
        _url = await Engine.CreateAsync();
        Database = Engine.Open(_url);
        await Database.WriteAsync(sql => sql.ExecuteAsync("CREATE TABLE notes (text text NOT NULL)"), Cancellation);
    }

    [Fact]
    public async Task A_commit_is_on_disk_before_it_is_answered()
    {
        foreach (var setting in new[] { "fsync", "synchronous_commit", "full_page_writes" })
            Assert.Equal("on", await Database.WriteAsync(sql => sql.ScalarAsync<string>("SHOW " + setting), Cancellation));
    }

    [Fact]
    public async Task A_connection_that_is_ended_in_the_middle_is_told_and_the_next_one_works()
    {
        await Assert.ThrowsAsync<EngineUnavailableException>(() => Database.WriteAsync(
            async sql =>
            {
                await AddAsync(sql, "lost");
                await sql.ExecuteAsync("SELECT pg_terminate_backend(pg_backend_pid())");
            },
            Cancellation));
        await Assert.ThrowsAsync<EngineUnavailableException>(() => Database.ReadAsync(
            sql => sql.ExecuteAsync("SELECT pg_terminate_backend(pg_backend_pid())"), Cancellation));
        await Database.WriteAsync(sql => AddAsync(sql, "kept"), Cancellation);
        Assert.Equal(["kept"], await NotesAsync(Database));
    }

    [Fact]
    public async Task A_restart_of_the_database_costs_few_requests_and_no_restart_of_ours()
    {
        await Race.RunAsync(20, _ => Database.ReadAsync(sql => sql.ExecuteAsync("SELECT pg_sleep(0.05)"), Cancellation));
        await PostgresEngine.AskAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_url[(_url.LastIndexOf('/') + 1)..]}'");

        var failures = 0;
        while (await Record.ExceptionAsync(() => Database.WriteAsync(sql => AddAsync(sql, "back"), Cancellation)) is { } exception)
        {
            Assert.IsType<EngineUnavailableException>(exception);
            Assert.InRange(++failures, 1, 20);
        }

        Assert.Equal(["back"], await NotesAsync(Database));
    }

    [Fact]
    public async Task A_server_that_closes_every_connection_is_away_until_it_answers_again()
    {
        await using var proxy = new FaultProxy(new Uri(_url).Host, new Uri(_url).Port) { IsAway = true };
        var database = Through(proxy);
        await Assert.ThrowsAsync<EngineUnavailableException>(() => database.WriteAsync(sql => AddAsync(sql, "no"), Cancellation));
        await Assert.ThrowsAsync<EngineUnavailableException>(() => NotesAsync(database));
        await Assert.ThrowsAsync<EngineUnavailableException>(() => database.MigrateAsync(Migration.Embedded(), Cancellation));
        proxy.IsAway = false;
        await database.WriteAsync(sql => AddAsync(sql, "yes"), Cancellation);
        Assert.Equal(["yes"], await NotesAsync(database));
    }

    [Fact]
    public async Task A_line_cut_in_the_middle_of_a_write_leaves_nothing_of_it()
    {
        await using var proxy = new FaultProxy(new Uri(_url).Host, new Uri(_url).Port);
        var database = Through(proxy);
        await Assert.ThrowsAsync<EngineUnavailableException>(() => database.WriteAsync(
            async sql =>
            {
                await AddAsync(sql, "half");
                proxy.CutAll();
                await AddAsync(sql, "other half");
            },
            Cancellation));
        Assert.Empty(await NotesAsync(database));
    }

    [Fact]
    public async Task A_commit_without_an_answer_is_an_unknown_outcome_and_is_not_tried_again()
    {
        await using var proxy = new FaultProxy(new Uri(_url).Host, new Uri(_url).Port);
        var database = Through(proxy);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => database.WriteAsync(
            async sql =>
            {
                await AddAsync(sql, "perhaps");
                proxy.CutAfter(0, answers: true);
            },
            Cancellation));
        Assert.InRange((await NotesAsync(database)).Count, 0, 1);
    }

    [Fact]
    public async Task A_row_that_was_locked_over_a_line_that_died_unheard_is_free_again_without_anybody_s_help()
    {
        await Database.WriteAsync(sql => AddAsync(sql, "first"), Cancellation);
        await using var proxy = new FaultProxy(new Uri(_url).Host, new Uri(_url).Port);
        var database = Through(proxy);
        var locked = new TaskCompletionSource();
        var lost = database.WriteAsync(
            async sql =>
            {
                await sql.ExecuteAsync("UPDATE notes SET text = 'lost'");
                proxy.DeafenAll();
                locked.SetResult();
                await sql.ExecuteAsync("UPDATE notes SET text = 'lost as well'");
            },
            Cancellation);
        await locked.Task;

        // Who waits for the row may give up before it is free, and comes again; ten seconds each is more than it may take.
        var waits = 0;
        while (await Record.ExceptionAsync(() => Database.WriteAsync(sql => sql.ExecuteAsync("UPDATE notes SET text = 'kept'"), Cancellation)) is { } exception)
        {
            Assert.IsType<EngineUnavailableException>(exception);
            Assert.InRange(++waits, 1, 3);
        }

        await Assert.ThrowsAsync<EngineUnavailableException>(() => lost);
        Assert.Equal(["kept"], await NotesAsync(Database));
    }

    private static Task<int> AddAsync(SqlSession sql, string text) => sql.ExecuteAsync("INSERT INTO notes (text) VALUES (@text)", new { text });

    private static Task<IReadOnlyList<string>> NotesAsync(SqlDatabase database) =>
        database.ReadAsync(sql => sql.ListAsync<string>("SELECT text FROM notes"), Cancellation);

    private SqlDatabase Through(FaultProxy proxy) =>
        Engine.Open(new UriBuilder(_url) { Host = "127.0.0.1", Port = proxy.Port }.Uri.ToString());
}
