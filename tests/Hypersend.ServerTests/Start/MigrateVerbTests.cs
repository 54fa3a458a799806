using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Start;

/// <summary>hypersend-server migrate, on a database that nobody serves.</summary>
[OneNode("a verb beside one server")]
public sealed class MigrateVerbTests
{
    [Fact]
    public async Task It_says_what_it_would_do_then_does_it_and_says_so_and_then_has_nothing_to_do()
    {
        using var folder = new ScratchFolder();
        await using var database = new TestDatabase();
        string[] settings = ["--DATA_ROOT=" + folder.Path, .. await database.SettingsAsync(folder.Path)];
        var steps = Migration.Embedded();

        var would = await VerbRun.RunAsync("", ["migrate", "--dry", .. settings]);
        Assert.Equal(0, would.Code);
        Assert.Equal(steps.Select(step => "  " + step.Name), would.Out.TrimEnd().Split('\n').Skip(1));
        Assert.False(File.Exists(Path.Combine(folder.Path, "hypersend.db")));

        var did = await VerbRun.RunAsync("", ["migrate", .. settings]);
        Assert.Equal(0, did.Code);
        string[] expected = [.. steps.Select(step => "applied " + step.Name), $"The database is up to date at {steps[^1].Name}."];
        Assert.Equal(expected, did.Out.TrimEnd().Split('\n'));

        var again = await VerbRun.RunAsync("", ["migrate", .. settings]);
        Assert.Equal((0, $"The database is up to date at {steps[^1].Name}."), (again.Code, again.Out.Trim()));
    }

    [Fact]
    public async Task In_a_folder_that_a_server_holds_a_file_is_left_alone()
    {
        using var folder = new ScratchFolder();
        using var held = Server.Platform.Settings.DataRoot.Claim(folder.Path);
        var refused = await VerbRun.RunAsync("", "migrate", "--DATA_ROOT=" + folder.Path);
        Assert.Equal((2, true), (refused.Code, refused.Error.Contains("another hypersend-server uses it", StringComparison.Ordinal)));
        var would = await VerbRun.RunAsync("", "migrate", "--dry", "--DATA_ROOT=" + folder.Path);
        Assert.Equal((0, true), (would.Code, would.Out.StartsWith("These would be applied:", StringComparison.Ordinal)));
    }
}
