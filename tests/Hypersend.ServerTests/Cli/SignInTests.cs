using System.Text.Json;
using System.Text.Json.Nodes;
using Hypersend.Cli.Start;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Cli;

public sealed class SignInTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_sign_in_is_kept_where_only_its_owner_reads_it_and_ends_with_a_sign_out()
    {
        var ana = await app.SignUpAsync("ana");
        using var machine = new Machine();
        await machine.OfAsync(app, ana);

        var me = (await machine.RunAsync("whoami", "--json")).Succeeded();
        Assert.Equal(ana.Username, JsonDocument.Parse(me.Out).RootElement.GetProperty("username").GetString());
        var files = Directory.GetFiles(machine.Folder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith(".json", StringComparison.Ordinal));
        foreach (var file in files)
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        (await machine.RunAsync("logout")).Succeeded();
        Assert.DoesNotContain(ana.Username + "\t", (await machine.RunAsync("profiles")).Out);
        Assert.DoesNotContain("token\":\"", await File.ReadAllTextAsync(Assert.Single(files, file => file.EndsWith(".json", StringComparison.Ordinal))));
        Assert.Contains("hypersend login", (await machine.RunAsync("whoami")).Failed(ExitCodes.NotSignedIn).Error);
    }

    [Fact]
    public async Task Two_servers_are_two_profiles_and_the_line_or_the_environment_chooses()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        using var machine = new Machine();
        await machine.OfAsync(app, ana);
        (await machine.RunAsync(ben.Password, ["login", app.Address.ToString(), "-u", ben.Username, "--password-stdin", "--profile", "work"])).Succeeded();

        Assert.Contains("@" + ben.Username, (await machine.RunAsync("whoami")).Succeeded().Out);
        var other = $"127.0.0.1-{app.Address.Port}";
        Assert.Contains("@" + ana.Username, (await machine.RunAsync("whoami", "--profile", other)).Succeeded().Out);
        machine.Variables["HYPERSEND_PROFILE"] = other;
        Assert.Contains("@" + ana.Username, (await machine.RunAsync("whoami")).Succeeded().Out);
        machine.Variables.Clear();
        machine.Variables["HYPERSEND_TOKEN"] = ana.AccessToken;
        Assert.Contains("@" + ana.Username, (await machine.RunAsync("whoami", "--server", app.Address.ToString())).Succeeded().Out);
        machine.Variables.Clear();
        (await machine.RunAsync("profiles", "use", other)).Succeeded();
        Assert.Contains("@" + ana.Username, (await machine.RunAsync("whoami")).Succeeded().Out);
    }

    [Fact]
    public async Task What_goes_wrong_is_a_sentence_and_a_code()
    {
        var ana = await app.SignUpAsync("ana");
        using var machine = new Machine();
        var server = app.Address.ToString();

        Assert.Contains("not signed in", (await machine.RunAsync("chats")).Failed(ExitCodes.NotSignedIn).Error);
        Assert.Contains("password", (await machine.RunAsync("wrong", ["login", server, "-u", ana.Username, "--password-stdin"])).Failed(ExitCodes.NotSignedIn).Error);
        Assert.False(Directory.Exists(machine.Folder));
        Assert.Contains("--password-stdin", (await machine.RunAsync("login", server, "-u", ana.Username)).Failed(ExitCodes.WrongUsage).Error);
        Assert.Contains("no address", (await machine.RunAsync("login", "ftp://example.org")).Failed(ExitCodes.WrongUsage).Error);
        Assert.Contains("does not answer", (await machine.RunAsync("x", ["login", "http://127.0.0.1:1", "-u", "ana", "--password-stdin"])).Failed(ExitCodes.ServerAway).Error);
        Assert.Contains("hypersend whoami --help", (await machine.RunAsync("whoami", "--wrong")).Failed(ExitCodes.WrongUsage).Error);
        Assert.Contains("hypersend --help", (await machine.RunAsync("who")).Failed(ExitCodes.WrongUsage).Error);

        await machine.OfAsync(app, ana);
        Assert.Contains("nowhere", (await machine.RunAsync("chat", "nowhere")).Failed(ExitCodes.NotThere).Error);
        Assert.Contains("@nobody", (await machine.RunAsync("send", "hi", "--to", "@nobody")).Failed(ExitCodes.NotThere).Error);
        (await machine.RunAsync("admin", "users")).Failed(ExitCodes.NotThere);
        await ana.Accounts.LogoutAllAsync();
        await app.EndsEverywhereAsync((string)ReadProfile(machine).Profile["access_token"]!);
        Assert.Contains("hypersend login", (await machine.RunAsync("whoami")).Failed(ExitCodes.NotSignedIn).Error);
    }

    [Fact]
    public async Task Processes_that_renew_the_same_sign_in_at_once_all_stay_signed_in()
    {
        var ana = await app.SignUpAsync("ana");
        using var machine = new Machine();
        await machine.OfAsync(app, ana);
        for (var round = 0; round < 2; round++)
        {
            MakeOld(machine);
            var outcomes = await Task.WhenAll(machine.SpawnAsync("", "whoami"), machine.SpawnAsync("", "chats"), machine.RunAsync("whoami"), machine.RunAsync("ls"));
            Assert.All(outcomes, outcome => outcome.Succeeded());
        }

        Assert.Contains("@" + ana.Username, (await machine.RunAsync("whoami")).Succeeded().Out);
    }

    /// <summary>The access token of the only profile has ended.</summary>
    private static void MakeOld(Machine machine)
    {
        var (file, profile) = ReadProfile(machine);
        profile["access_expires_at"] = "2020-01-01T00:00:00+00:00";
        File.WriteAllText(file, profile.ToJsonString());
    }

    private static (string File, JsonNode Profile) ReadProfile(Machine machine)
    {
        var file = Assert.Single(Directory.GetFiles(Path.Combine(machine.Folder, "profiles"), "*.json"));
        return (file, JsonNode.Parse(File.ReadAllText(file))!);
    }
}
