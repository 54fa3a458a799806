using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Updates;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Updates;

public sealed class UpdatesTests(App app) : IClassFixture<App>
{
    private const string Sha = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855";

    [Fact]
    public async Task Versions_go_by_their_numbers_and_a_beta_is_before_its_release()
    {
        string[] ordered = ["0.9.10", "1.0.0-alpha", "1.0.0-alpha.2", "1.0.0-alpha.10", "1.0.0-beta", "1.0.0", "1.2.0", "1.10.0-rc.1", "1.10.0"];
        foreach (var version in ordered.Order(StringComparer.Ordinal))
            await PublishAsync("ordered", version);
        var anybody = app.Anonymous().Updates;

        Assert.Equal("1.10.0", Assert.Single((await anybody.GetLatestAsync("ordered")).Items).Version);
        for (var i = 0; i < ordered.Length; i++)
        {
            var check = await anybody.CheckAsync("ordered", ordered[i]);
            Assert.Equal((i < ordered.Length - 1, ordered[i], "1.10.0"), (check.UpdateAvailable, check.CurrentVersion, check.LatestVersion));
            Assert.Equal(check.UpdateAvailable ? "1.10.0" : null, check.Release?.Version);
        }

        Assert.Equal((false, "2.0.0"), ((await anybody.CheckAsync("ordered", "2.0.0")).UpdateAvailable, (await anybody.CheckAsync("ordered", "2.0.0")).LatestVersion));
        Assert.True((await anybody.CheckAsync("ordered", "v1.2")).UpdateAvailable);
    }

    [Fact]
    public async Task A_mandatory_release_in_between_makes_the_step_mandatory()
    {
        await PublishAsync("forced", "1.1.0", mandatory: true);
        await PublishAsync("forced", "1.2.0");

        Assert.True((await app.Anonymous().Updates.CheckAsync("forced", "1.0.0")).Mandatory);
        Assert.False((await app.Anonymous().Updates.CheckAsync("forced", "1.1.0")).Mandatory);
    }

    [Fact]
    public async Task A_release_published_again_is_corrected()
    {
        var first = await PublishAsync("again", "1.0.0");
        await app.Admin.Updates.PublishAsync(new PublishReleaseRequest { Platform = "again", Version = "1.0.0", Url = "https://example.org/fixed", Notes = "Fixed." });

        var latest = Assert.Single((await app.Anonymous().Updates.GetLatestAsync("again")).Items);

        Assert.Equal(Sha.ToLowerInvariant(), first.Sha256);
        Assert.Equal(("https://example.org/fixed", "Fixed.", null), (latest.Url, latest.Notes, latest.Sha256));
    }

    [Fact]
    public async Task Without_a_platform_each_has_its_newest_and_an_unknown_one_has_none()
    {
        await PublishAsync("many-a", "1.0.0");
        await PublishAsync("many-a", "2.0.0");
        await PublishAsync("many-b", "1.0.0");

        var newest = (await app.Anonymous().Updates.GetLatestAsync()).Items.Where(release => release.Platform.StartsWith("many-", StringComparison.Ordinal));

        Assert.Equal(["many-a 2.0.0", "many-b 1.0.0"], newest.Select(release => $"{release.Platform} {release.Version}"));
        await app.Anonymous().Updates.GetLatestAsync("unknown").RefusedAsync(404, ErrorCodes.NoRelease);
        Assert.False((await app.Anonymous().Updates.CheckAsync("unknown", "1.0.0")).UpdateAvailable);
    }

    [Theory]
    [InlineData("?platform=linux", "current_version")]
    [InlineData("?current_version=1.0", "platform")]
    [InlineData("?platform=LINUX&current_version=1.0", "platform")]
    [InlineData("?platform=linux&current_version=one", "current_version")]
    public async Task A_question_names_both_platform_and_version(string query, string field)
    {
        var problem = await app.SendAsync(HttpMethod.Get, "/api/v1/updates/check" + query).RefusedAsync(422, ErrorCodes.ValidationFailed);

        Assert.Equal([field], problem.Errors!.Keys);
    }

    [Fact]
    public async Task Only_an_admin_publishes_and_only_what_is_well_formed()
    {
        var ana = await app.SignUpAsync("ana");
        var good = new PublishReleaseRequest { Platform = "linux", Version = "1.0.0", Url = "https://example.org/x" };

        await ana.Updates.PublishAsync(good).RefusedAsync(403, ErrorCodes.Forbidden);
        foreach (var (bad, field) in new[]
        {
            (good with { Platform = "Linux!" }, "platform"),
            (good with { Version = "first" }, "version"),
            (good with { Url = "javascript:alert(1)" }, "url"),
            (good with { Sha256 = "beef" }, "sha256"),
        })
        {
            var refusal = await app.Admin.Updates.PublishAsync(bad).RefusedAsync(422, ErrorCodes.ValidationFailed);
            Assert.Equal([field], refusal.Problem.Errors!.Keys);
        }
    }

    private Task<Release> PublishAsync(string platform, string version, bool mandatory = false) => app.Admin.Updates.PublishAsync(
        new PublishReleaseRequest { Platform = platform, Version = version, Url = $"https://example.org/{version}", Sha256 = Sha, Mandatory = mandatory });
}
