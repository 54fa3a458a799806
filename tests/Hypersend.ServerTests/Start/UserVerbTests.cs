using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Auth;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Start;

/// <summary>hypersend-server user ..., beside a server that runs on the same database.</summary>
[OneNode("a verb beside one server")]
public sealed class UserVerbTests(App app) : IClassFixture<App>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_is_made_with_a_password_from_standard_input_and_can_sign_in()
    {
        var made = await VerbRun.TypedAsync(app, "a long and quiet password\n", "user", "add", "vera", "vera@example.org", "--password-stdin", "--name", "Vera V.");
        Assert.Equal((0, "vera has an account now."), (made.Code, made.Out.Trim()));
        var client = app.Anonymous();
        var vera = await client.Accounts.LoginAsync(new() { Login = "vera", Password = "a long and quiet password" });
        Assert.Equal(("Vera V.", "user"), (vera.User.Name, vera.User.Role));

        var again = await VerbRun.TypedAsync(app, "another password here\n", "user", "add", "vera", "vera@example.org", "--password-stdin");
        Assert.Equal((0, "vera has an account already; nothing was changed."), (again.Code, again.Out.Trim()));
        var taken = await VerbRun.TypedAsync(app, "another password here\n", "user", "add", "vera", "other@example.org", "--password-stdin");
        Assert.Equal((1, true), (taken.Code, taken.Error.StartsWith("This user name is taken.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_made_password_is_shown_once_and_an_admin_is_one()
    {
        var made = await VerbRun.BesideAsync(app, "user", "add", "boss", "boss@example.org", "--admin", "--make-password");
        Assert.Equal(0, made.Code);
        Assert.StartsWith("boss has an account now and is an admin. The password is ", made.Out, StringComparison.Ordinal);
        var boss = await app.Anonymous().Accounts.LoginAsync(new() { Login = "boss", Password = made.Out.Trim().Split(' ')[^1] });
        Assert.Equal("admin", boss.User.Role);
    }

    [Theory]
    [InlineData("short", "password", "user", "add", "nina", "nina@example.org", "--password-stdin")]
    [InlineData("password123", "password is one of the most common", "user", "add", "nina", "nina@example.org", "--password-stdin")]
    [InlineData("a long and quiet password", "email", "user", "add", "nina", "no address", "--password-stdin")]
    [InlineData("a long and quiet password", "username", "user", "add", "n a", "nina@example.org", "--password-stdin")]
    [InlineData("", "Nobody can be asked for a password here.", "user", "add", "nina", "nina@example.org")]
    public async Task The_rules_of_names_and_passwords_hold_here_too(string input, string sentence, params string[] args)
    {
        var refused = await VerbRun.TypedAsync(app, input + "\n", args);
        Assert.Equal(1, refused.Code);
        Assert.StartsWith(sentence, refused.Error, StringComparison.Ordinal);
        Assert.Empty(refused.Out);
    }

    [Fact]
    public async Task A_new_password_ends_the_sessions_on_the_server_that_runs()
    {
        var ana = await app.SignUpAsync("ana");
        await ana.Client.Users.GetMeAsync(Cancellation);
        var reset = await VerbRun.TypedAsync(app, "a long and quiet password\n", "user", "reset-password", ana.Username, "--password-stdin");
        Assert.Equal((0, $"{ana.Username} has a new password; all their sessions have ended."), (reset.Code, reset.Out.Trim()));
        await ReadAgainAsync();
        using var ended = await app.SendAsync(HttpMethod.Get, "/api/v1/users/me", null, ("Authorization", "Bearer " + ana.AccessToken));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, ended.StatusCode);
        await app.SignInAsync(ana, "a long and quiet password");
    }

    [Fact]
    public async Task Somebody_is_disabled_and_enabled_and_said_to_be_so_the_second_time()
    {
        var eve = await app.SignUpAsync("eve");
        Assert.Equal($"{eve.Username} is disabled now.", (await VerbRun.BesideAsync(app, "user", "disable", eve.Username)).Out.Trim());
        Assert.Equal($"{eve.Username} is disabled already; nothing was changed.", (await VerbRun.BesideAsync(app, "user", "disable", eve.Email)).Out.Trim());
        await ReadAgainAsync();
        using var ended = await app.SendAsync(HttpMethod.Get, "/api/v1/users/me", null, ("Authorization", "Bearer " + eve.AccessToken));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, ended.StatusCode);
        await app.Anonymous().Accounts.LoginAsync(new() { Login = eve.Username, Password = eve.Password }).RefusedAsync(403, ErrorCodes.AccountDisabled);
        Assert.Equal($"{eve.Username} may sign in now.", (await VerbRun.BesideAsync(app, "user", "enable", eve.Username)).Out.Trim());
        await app.SignInAsync(eve);
    }

    [Fact]
    public async Task Admins_come_and_go()
    {
        var max = await app.SignUpAsync("max");
        Assert.Equal($"{max.Username} is an admin now.", (await VerbRun.BesideAsync(app, "user", "make-admin", max.Username)).Out.Trim());
        await ReadAgainAsync();
        await max.Client.Admin.ListUsersAsync();
        Assert.Equal($"{max.Username} is no admin now.", (await VerbRun.BesideAsync(app, "user", "remove-admin", max.Username)).Out.Trim());
        await ReadAgainAsync();
        await max.Client.Admin.ListUsersAsync().RefusedAsync(403, ErrorCodes.Forbidden);
    }

    [Fact]
    public async Task An_account_is_deleted_when_its_name_was_typed_again()
    {
        var tom = await app.SignUpAsync("tom");
        var kept = await VerbRun.TypedAsync(app, "not tom\n", "user", "delete", tom.Username);
        Assert.Equal((1, true), (kept.Code, kept.Error.Contains($"{tom.Username} was not deleted.", StringComparison.Ordinal)));
        Assert.Equal(0, (await VerbRun.TypedAsync(app, tom.Username + "\n", "user", "delete", tom.Username)).Code);
        await ReadAgainAsync();
        using var ended = await app.SendAsync(HttpMethod.Get, "/api/v1/users/me", null, ("Authorization", "Bearer " + tom.AccessToken));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, ended.StatusCode);
        var gone = await VerbRun.BesideAsync(app, "user", "delete", tom.Username, "--yes");
        Assert.Equal((4, true), (gone.Code, gone.Error.StartsWith($"Nobody here has the user name or the address {tom.Username}.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_list_names_everybody_for_people_and_for_machines()
    {
        var lea = await app.SignUpAsync("lea");
        var list = await VerbRun.BesideAsync(app, "user", "list");
        Assert.Equal(0, list.Code);
        Assert.Contains(list.Out.Split('\n'), line => line.StartsWith(lea.Username + " ", StringComparison.Ordinal) && line.Contains(lea.Email, StringComparison.Ordinal));
        var json = await VerbRun.BesideAsync(app, "user", "list", "--json");
        var one = System.Text.Json.Nodes.JsonNode.Parse(json.Out.Split('\n').Single(line => line.Contains($"\"{lea.Username}\"", StringComparison.Ordinal)))!;
        Assert.Equal((lea.Email, "user", false), (one["email"]!.GetValue<string>(), one["role"]!.GetValue<string>(), one["disabled"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task A_wrong_folder_does_not_become_a_second_server()
    {
        using var folder = new Hypersend.Tests.ScratchFolder();
        var away = Path.Combine(folder.Path, "elsewhere");
        var refused = await VerbRun.RunAsync("", "user", "list", "--DATA_ROOT", away);
        Assert.Equal(2, refused.Code);
        Assert.StartsWith($"There is no database at {Path.Combine(away, "hypersend.db")}.", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(away));
        foreach (var line in (string[][])[["backup", Path.Combine(folder.Path, "copy")], ["export", "ana", Path.Combine(folder.Path, "copy")]])
        {
            refused = await VerbRun.RunAsync("", [.. line, "--DATA_ROOT", away]);
            Assert.Equal(2, refused.Code);
            Assert.StartsWith($"There is no database at {Path.Combine(away, "hypersend.db")}.", refused.Error, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    // What the server does by itself every two seconds: the test need not wait for it.
    private Task ReadAgainAsync() => app.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<RevocationPoll>().Single().PollAsync(Cancellation);
}
