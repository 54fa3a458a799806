using System.Text.Json;
using System.Text.RegularExpressions;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Accounts;

[OneNode("nobody behind a proxy comes from this machine")]
public sealed partial class FirstAdminTests
{
    [Fact]
    public async Task The_first_account_from_this_machine_is_the_admin()
    {
        await using var app = await App.StartAsync();
        Assert.Equal((true, false), await SetupAsync(app));

        var first = await app.SignUpAsync("first");
        var second = await app.SignUpAsync("second");

        Assert.Equal(Roles.Admin, first.SignedIn.User.Role);
        Assert.Equal(Roles.User, second.SignedIn.User.Role);
        Assert.Equal((false, false), await SetupAsync(app));
        await first.Admin.GetSettingsAsync();
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("X-Real-IP", "203.0.113.7")]
    [InlineData("Via", "1.1 proxy")]
    public async Task Somebody_behind_a_proxy_on_this_machine_is_not_on_this_machine(string header, string value)
    {
        await using var app = await App.StartAsync();
        Assert.Equal((true, true), await SetupAsync(app, (header, value)));

        using var answer = await RegisterAsync(app, "first", null, (header, value)).AnsweredAsync(200);

        Assert.Equal(Roles.User, await RoleAsync(answer));

        // Now even who sits at this machine is no longer the first.
        Assert.Equal((true, true), await SetupAsync(app));
    }

    [Fact]
    public async Task The_set_up_code_of_the_first_start_makes_an_admin_once()
    {
        await using var app = await App.StartAsync("--REGISTRATION=closed");
        var printed = app.Logs.Lines.Single(line => line.EventId == 54).Message;
        var code = CodeShape().Match(printed).Value;
        var elsewhere = ("X-Forwarded-For", "203.0.113.7");

        await RegisterAsync(app, "nocode", null, elsewhere).RefusedAsync(403, ErrorCodes.RegistrationClosed);
        await RegisterAsync(app, "wrong", "0000-0000-0000-0000", elsewhere).RefusedAsync(403, ErrorCodes.InvalidSetupCode);
        using var answer = await RegisterAsync(app, "right", code.ToUpperInvariant(), elsewhere).AnsweredAsync(200);

        Assert.Equal(Roles.Admin, await RoleAsync(answer));
        await RegisterAsync(app, "again", code, elsewhere).RefusedAsync(403, ErrorCodes.RegistrationClosed);
    }

    [Fact]
    public async Task Of_many_first_accounts_at_once_one_is_the_admin()
    {
        await using var app = await App.StartAsync();

        var people = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => app.SignUpAsync("first")));

        Assert.Single(people, person => person.SignedIn.User.Role == Roles.Admin);
    }

    private static async Task<(bool Needed, bool ByCode)> SetupAsync(App app, params (string, string)[] headers)
    {
        var card = await app.SendAsync(HttpMethod.Get, "/api/v1/server", null, headers).ReadAsync(HypersendJson.Wire.ServerCard);
        return (card.NeedsSetup, card.NeedsSetupCode);
    }

    private static Task<HttpResponseMessage> RegisterAsync(App app, string username, string? code, params (string, string)[] headers) =>
        app.SendAsync(HttpMethod.Post, "/api/v1/auth/register", JsonSerializer.Serialize(new
        {
            username,
            email = username + "@example.org",
            password = Person.FirstPassword,
            setup_code = code,
        }), headers);

    private static async Task<string?> RoleAsync(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("user").GetProperty("role").GetString();
    }

    [GeneratedRegex("[0-9a-z]{4}(-[0-9a-z]{4}){3}")]
    private static partial Regex CodeShape();
}
