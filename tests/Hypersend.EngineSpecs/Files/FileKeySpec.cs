using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Files;

namespace Hypersend.EngineSpecs.Files;

/// <summary>IFileKeys: one key for each file, and which of them are wrapped in what.</summary>
public abstract class FileKeySpec(Engine engine) : StoreSpec(engine)
{
    private SqlFileKeys Keys => new(Database);

    [Fact]
    public async Task The_first_key_of_a_file_stays_and_all_who_come_with_one_get_that()
    {
        var file = NewId();
        Assert.Null(await Keys.FindAsync(file, Cancellation));
        var answers = await Race.RunAsync(8, i => Keys.AddAsync(file, new WrappedKey("a", [(byte)i]), Cancellation));
        var kept = (await Keys.FindAsync(file, Cancellation))!;
        Assert.All(answers, answer => Assert.Equal((kept.KeyId, kept.Bytes[0]), (answer.KeyId, answer.Bytes[0])));

        await Keys.RemoveAsync(file, Cancellation);
        await Keys.RemoveAsync(file, Cancellation);
        Assert.Null(await Keys.FindAsync(file, Cancellation));
    }

    [Fact]
    public async Task Keys_are_found_by_what_they_are_wrapped_in_and_wrapped_anew()
    {
        var files = Enumerable.Range(0, 5).Select(_ => NewId()).ToArray();
        for (var i = 0; i < files.Length; i++)
            await Keys.AddAsync(files[i], new WrappedKey(i < 3 ? "k-old" : "k-new", [(byte)i]), Cancellation);
        Assert.Equal(["k-new", "k-old"], (await Keys.SamplesAsync(Cancellation)).Select(one => one.Key.KeyId).Where(id => id.StartsWith("k-", StringComparison.Ordinal)));

        var others = (await Keys.OthersAsync("k-new", 100, Cancellation)).Where(one => one.Key.KeyId == "k-old").ToArray();
        Assert.Equal(files[..3].Select(file => file.Value).Order(), others.Select(one => one.File.Value).Order());
        Assert.Single(await Keys.OthersAsync("k-new", 1, Cancellation));
        await Keys.RemoveAsync(files[0], Cancellation);
        await Keys.ReplaceAsync([.. others.Select(one => one with { Key = new WrappedKey("k-new", [.. one.Key.Bytes, 9]) })], Cancellation);
        Assert.Null(await Keys.FindAsync(files[0], Cancellation));
        Assert.Equal([1, 9], (await Keys.FindAsync(files[1], Cancellation))!.Bytes);
        Assert.DoesNotContain(await Keys.SamplesAsync(Cancellation), one => one.Key.KeyId == "k-old");
    }

    [Fact]
    public async Task Who_looks_while_a_key_is_wrapped_anew_finds_it_in_one_of_both()
    {
        const int times = 100;
        var file = NewId();
        await Keys.AddAsync(file, new WrappedKey("r-0", [0]), Cancellation);
        using var over = new CancellationTokenSource();

        var looking = Race.RunAsync(4, async _ =>
        {
            var looks = new List<string>();
            while (!over.IsCancellationRequested)
                looks.Add(string.Join(' ', (await Keys.SamplesAsync(Cancellation)).Select(one => one.Key.KeyId).Where(id => id.StartsWith("r-", StringComparison.Ordinal))));
            return looks;
        });
        for (var i = 1; i <= times; i++)
            await Keys.ReplaceAsync([new KeyOfFile(file, new WrappedKey($"r-{i % 2}", [0]))], Cancellation);
        await over.CancelAsync();

        var seen = (await looking).SelectMany(looks => looks).ToList();
        Assert.NotEmpty(seen);
        Assert.All(seen, one => Assert.True(one is "r-0" or "r-1", one));
    }

    [Fact]
    public async Task Who_adds_a_key_while_it_is_removed_has_one()
    {
        var file = NewId();
        var answers = await Race.RunAsync(8, async i =>
        {
            var ids = new List<string>();
            for (var round = 0; round < 20; round++)
            {
                if (i % 2 == 0)
                    ids.Add((await Keys.AddAsync(file, new WrappedKey("x", [(byte)i]), Cancellation)).KeyId);
                else
                    await Keys.RemoveAsync(file, Cancellation);
            }

            return ids;
        });
        Assert.Equal(80, answers.Sum(ids => ids.Count(id => id == "x")));
    }

    private static FileId NewId() => new(Guid.CreateVersion7(Now));
}

public sealed class FileKeysOnSqlite(SqliteEngine engine) : FileKeySpec(engine), IClassFixture<SqliteEngine>;

public sealed class FileKeysOnPostgres(PostgresEngine engine) : FileKeySpec(engine), IClassFixture<PostgresEngine>;
