using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.EngineSpecs.Sql;

/// <summary>The schema moves forward whole steps at a time, whoever starts, stops or is killed meanwhile.</summary>
public abstract partial class MigrationSpec(Engine engine) : StoreSpec(engine)
{
    private static readonly Migration[] ThreeSteps =
    [
        new(1, "0001_one", "CREATE TABLE one (value {int} NOT NULL){strict}; INSERT INTO one (value) VALUES (1)"),
        new(2, "0002_two", "INSERT INTO one (value) VALUES (2); CREATE TABLE two (text {text} NOT NULL){strict}"),
        new(3, "0003_three", "INSERT INTO one (value) VALUES (3); INSERT INTO two (text) VALUES ('it''s; done')"),
    ];

    private string _url = "";

    private protected override async Task PrepareAsync()
    {
        _url = await Engine.CreateAsync();
        Database = Engine.Open(_url);
    }

    [Fact]
    public async Task From_nothing_to_the_newest_and_again_is_fine()
    {
        await Database.MigrateAsync(Migration.Embedded(), Cancellation);
        await Database.MigrateAsync(Migration.Embedded(), Cancellation);
        Assert.Equal(Migration.Embedded().Select(step => (long)step.Number), await AppliedAsync());
        Assert.Equal(0, await Database.ReadAsync(sql => sql.ScalarAsync<long>("SELECT COUNT(*) FROM users"), Cancellation));
    }

    [Fact]
    public async Task Steps_are_applied_in_order_and_only_the_new_ones()
    {
        await Database.MigrateAsync(ThreeSteps[..1], Cancellation);
        await Database.MigrateAsync(ThreeSteps[..2], Cancellation);
        await Database.MigrateAsync(ThreeSteps, Cancellation);
        Assert.Equal([1, 2, 3], await ValuesAsync());
    }

    [Fact]
    public async Task Several_that_start_at_once_apply_each_step_once()
    {
        var databases = Enumerable.Range(0, 4).Select(_ => Engine.Open(_url)).ToList();
        await Race.RunAsync(databases.Count, i => databases[i].MigrateAsync(ThreeSteps, Cancellation));
        Assert.Equal([1, 2, 3], await ValuesAsync());
        Assert.Equal([1, 2, 3], await AppliedAsync());
    }

    [Fact]
    public async Task A_step_that_fails_leaves_nothing_of_it_and_is_applied_by_the_next_start()
    {
        var broken = ThreeSteps[1] with { Sql = ThreeSteps[1].Sql + "; INSERT INTO nowhere (value) VALUES (1)" };
        await Assert.ThrowsAnyAsync<Exception>(() => Database.MigrateAsync([ThreeSteps[0], broken, ThreeSteps[2]], Cancellation));
        Assert.Equal([1], await ValuesAsync());
        Assert.Equal([1], await AppliedAsync());
        await Database.MigrateAsync(ThreeSteps, Cancellation);
        Assert.Equal([1, 2, 3], await ValuesAsync());
    }

    [Fact]
    public async Task A_step_edited_after_it_was_applied_stops_with_a_sentence()
    {
        await Database.MigrateAsync(ThreeSteps, Cancellation);
        var edited = ThreeSteps[1] with { Sql = ThreeSteps[1].Sql + " " };
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Database.MigrateAsync([ThreeSteps[0], edited, ThreeSteps[2]], Cancellation));
        Assert.Contains("0002_two", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_program_leaves_a_newer_database_as_it_is()
    {
        // In a rolling upgrade nodes of both versions start while the other one runs.
        await Database.MigrateAsync(ThreeSteps, Cancellation);
        await Database.MigrateAsync(ThreeSteps[..2], Cancellation);
        Assert.Equal([1, 2, 3], await AppliedAsync());
    }

    [Fact]
    public void The_embedded_steps_are_numbered_from_one_without_a_gap() =>
        Assert.Equal(Enumerable.Range(1, Migration.Embedded().Count), Migration.Embedded().Select(step => step.Number));

    [Fact]
    public void No_token_is_left_untranslated()
    {
        foreach (var step in Migration.Embedded())
            Assert.DoesNotContain("{", Database.Dialect.Translate(step.Sql), StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<long>> AppliedAsync() =>
        Database.ReadAsync(sql => sql.ListAsync<long>("SELECT number FROM schema_migrations ORDER BY number"), Cancellation);

    private Task<IReadOnlyList<long>> ValuesAsync() =>
        Database.ReadAsync(sql => sql.ListAsync<long>("SELECT value FROM one ORDER BY value"), Cancellation);
}
