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

    private static FileId NewId() => new(Guid.CreateVersion7(Now));
}

public sealed class FileKeysOnSqlite(SqliteEngine engine) : FileKeySpec(engine), IClassFixture<SqliteEngine>;

public sealed class FileKeysOnPostgres(PostgresEngine engine) : FileKeySpec(engine), IClassFixture<PostgresEngine>;
