using Hypersend.Contracts.Updates;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.EngineSpecs.Updates;

/// <summary>IReleaseStore: what was published is listed, and a second publication of a version corrects the first.</summary>
public abstract class ReleaseStoreSpec(Engine engine) : StoreSpec(engine)
{
    private SqlReleaseStore Releases => new SqlReleaseStore(Database);

    [Fact]
    public async Task Releases_are_listed_by_platform_or_all()
    {
        Assert.Empty(await Releases.ListAsync("linux-x64", Cancellation));
        var linux = ReleaseOf("linux-x64", "1.0.0");
        var newer = ReleaseOf("linux-x64", "1.10.0") with { Sha256 = new string('a', 64), Mandatory = true };
        var windows = ReleaseOf("windows", "1.0.0");
        foreach (var release in new[] { linux, newer, windows })
            await Releases.PublishAsync(release, Cancellation);
        Assert.Equal([linux, newer], (await Releases.ListAsync("linux-x64", Cancellation)).OrderBy(one => one.Version, StringComparer.Ordinal));
        Assert.Equal([windows], await Releases.ListAsync("windows", Cancellation));
        Assert.Equal(3, (await Releases.ListAsync(null, Cancellation)).Count(one => one.Platform is "linux-x64" or "windows"));
        Assert.Empty(await Releases.ListAsync("Linux-x64", Cancellation));
    }

    [Fact]
    public async Task A_second_publication_corrects_all_but_the_day()
    {
        var first = ReleaseOf("android", "2.0.0");
        await Releases.PublishAsync(first, Cancellation);
        var corrected = first with { Url = "https://example.org/again", Notes = "", Sha256 = new string('b', 64), Mandatory = true, ReleasedAt = Now.AddDays(1) };
        await Releases.PublishAsync(corrected, Cancellation);
        Assert.Equal([corrected with { ReleasedAt = Now }], await Releases.ListAsync("android", Cancellation));
    }

    [Fact]
    public async Task One_version_published_by_many_at_once_is_there_once()
    {
        await Race.RunAsync(10, i => Releases.PublishAsync(ReleaseOf("web", "3.0.0") with { Notes = $"by {i}" }, Cancellation));
        Assert.Single(await Releases.ListAsync("web", Cancellation));
    }

    private static Release ReleaseOf(string platform, string version) => new()
    {
        Platform = platform,
        Version = version,
        Url = "https://example.org/" + version,
        Notes = "Größere Dateien 🎈",
        Mandatory = false,
        ReleasedAt = Now,
    };
}

public sealed class ReleaseStoreOnSqlite(SqliteEngine engine) : ReleaseStoreSpec(engine), IClassFixture<SqliteEngine>;

public sealed class ReleaseStoreOnPostgres(PostgresEngine engine) : ReleaseStoreSpec(engine), IClassFixture<PostgresEngine>;
