using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Admin;

public sealed class AccountsTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task The_list_has_everybody_once_page_by_page()
    {
        await using var own = await App.StartAsync();
        var admin = await own.SignUpAsync("admin");
        var names = new List<string> { admin.Username };
        for (var i = 0; i < 9; i++)
            names.Add((await own.SignUpAsync("person")).Username);

        var listed = new List<User>();
        string? cursor = null;
        do
        {
            var page = await admin.Admin.ListUsersAsync(null, cursor, 4);
            listed.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(names.Order(StringComparer.Ordinal), listed.Select(user => user.Username));
        Assert.All(listed, user => Assert.Equal((user.Username + "@example.org", false), (user.Email, user.Disabled)));
        await admin.SendAsync(HttpMethod.Get, "/api/v1/admin/users?cursor=%21").RefusedAsync(400, ErrorCodes.InvalidCursor);
    }

    [Fact]
    public async Task A_search_goes_by_name_and_by_address()
    {
        await app.SignUpAsync("other", "Wanda Petrov");
        await app.SignUpAsync("other", "Luis Rivera");
        var wanda = await app.RegisterAsync(new() { Username = "wan", Email = "wanda.r@example.org", Password = Person.FirstPassword, Name = "Wanda Rivera" });

        foreach (var (text, count) in new[] { ("Wanda", 2), ("wanda ri", 1), ("RIVERA", 2), ("wanda.r@exam", 1), (" rivera wanda ", 1) })
        {
            var found = (await app.Admin.Admin.ListUsersAsync(text)).Items;
            Assert.Contains(found, user => user.Id == wanda.Id);
            Assert.Equal(count, found.Count);
        }

        Assert.Empty((await app.Admin.Admin.ListUsersAsync("%%")).Items);
    }

    [Fact]
    public async Task A_change_of_role_bites_at_once_in_both_directions()
    {
        var ana = await app.SignUpAsync("ana");
        await ana.Admin.GetSettingsAsync().RefusedAsync(403, ErrorCodes.Forbidden);

        Assert.Equal(Roles.Admin, (await app.Admin.Admin.UpdateUserAsync(ana.Id, new AdminUpdateUserRequest { Role = Roles.Admin })).Role);
        await ana.SendAsync(HttpMethod.Get, "/api/v1/admin/settings").AnsweredAsync(200);

        await app.Admin.Admin.UpdateUserAsync(ana.Id, new AdminUpdateUserRequest { Role = Roles.User });
        await ana.SendAsync(HttpMethod.Get, "/api/v1/admin/settings").RefusedAsync(403, ErrorCodes.Forbidden);
    }

    [Fact]
    public async Task Disabling_ends_the_sessions_and_enabling_lets_in_again()
    {
        var ana = await app.SignUpAsync("ana");
        await ana.Accounts.GetMeAsync();

        Assert.True((await app.Admin.Admin.UpdateUserAsync(ana.Id, new AdminUpdateUserRequest { Disabled = true })).Disabled);

        await ana.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.SessionEnded);
        await app.SendAsync(HttpMethod.Post, "/api/v1/auth/refresh", $$"""{"refresh_token":"{{ana.RefreshToken}}"}""").RefusedAsync(401, ErrorCodes.InvalidRefreshToken);
        await app.SignInAsync(ana).RefusedAsync(403, ErrorCodes.AccountDisabled);
        Assert.False((await app.Admin.Admin.UpdateUserAsync(ana.Id, new AdminUpdateUserRequest { Disabled = false })).Disabled);
        await app.SignInAsync(ana);
        await ana.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.SessionEnded);
    }

    [Fact]
    public async Task An_admin_ends_all_sessions_of_somebody()
    {
        var ana = await app.SignUpAsync("ana");
        var otherDevice = await app.SignInAsync(ana);

        await app.Admin.Admin.LogOutUserAsync(ana.Id);

        await ana.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.SessionEnded);
        await otherDevice.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.SessionEnded);
        await app.SignInAsync(ana);
        await app.Admin.Admin.LogOutUserAsync(default).RefusedAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task A_quota_is_set_kept_and_given_back()
    {
        var ana = await app.SignUpAsync("ana");
        Assert.Null((await ana.Users.GetMeAsync()).QuotaBytes);

        Assert.Equal(5_000_000_000, (await app.Admin.Admin.UpdateUserAsync(ana.Id, new AdminUpdateUserRequest { QuotaBytes = 5_000_000_000 })).QuotaBytes);
        Assert.Equal(5_000_000_000, (await app.Admin.Admin.UpdateUserAsync(ana.Id, new AdminUpdateUserRequest { Disabled = false })).QuotaBytes);
        Assert.Equal(5_000_000_000, (await ana.Users.GetMeAsync()).QuotaBytes);
        Assert.Equal(0, (await app.Admin.Admin.UpdateUserAsync(ana.Id, new AdminUpdateUserRequest { QuotaBytes = 0 })).QuotaBytes);
        Assert.Null((await app.Admin.Admin.UpdateUserAsync(ana.Id, new AdminUpdateUserRequest { QuotaBytes = -1 })).QuotaBytes);
    }

    [Theory]
    [InlineData("""{"role":"king"}""", "role")]
    [InlineData("""{"quota_bytes":-2}""", "quota_bytes")]
    public async Task A_wrong_value_is_named(string json, string field)
    {
        var ana = await app.SignUpAsync("ana");

        var problem = await app.Admin.SendAsync(HttpMethod.Put, $"/api/v1/admin/users/{ana.Id}", json).RefusedAsync(422, ErrorCodes.ValidationFailed);

        Assert.Equal([field], problem.Errors!.Keys);
        await app.Admin.SendAsync(HttpMethod.Put, "/api/v1/admin/users/nobody", "{}").RefusedAsync(404, ErrorCodes.NotFound);
    }
}
