using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Users;

public sealed class ProfileTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_change_touches_what_it_names_and_text_comes_back_byte_for_byte()
    {
        const string Name = " Zoë \u202e 家族 👨‍👩‍👧 e\u0301 ";
        var ana = await app.SignUpAsync("ana");

        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Bio = "line one\nline two" });
        var changed = await ana.Users.UpdateMeAsync(new UpdateUserRequest { Name = Name });

        Assert.Equal((Name, "line one\nline two", ana.Username), (changed.Name, changed.Bio, changed.Username));
        Assert.Equivalent(changed, await ana.Users.GetMeAsync());
        Assert.Equal("", (await ana.Users.UpdateMeAsync(new UpdateUserRequest { Bio = "" })).Bio);
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"   "}""", "name")]
    [InlineData("""{"username":"no"}""", "username")]
    [InlineData("""{"username":"white space"}""", "username")]
    [InlineData("""{"email":"nobody"}""", "email")]
    public async Task A_malformed_change_names_the_field(string json, string field)
    {
        var ana = await app.SignUpAsync("ana");

        var problem = await ana.SendAsync(HttpMethod.Put, "/api/v1/users/me", json).RefusedAsync(422, ErrorCodes.ValidationFailed);

        Assert.Equal([field], problem.Errors!.Keys);
    }

    [Fact]
    public async Task Lengths_count_code_points()
    {
        var ana = await app.SignUpAsync("ana");
        var longest = string.Concat(Enumerable.Repeat("🦊", 100));

        Assert.Equal(longest, (await ana.Users.UpdateMeAsync(new UpdateUserRequest { Name = longest })).Name);
        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Name = longest + "x" }).RefusedAsync(422, ErrorCodes.ValidationFailed);
        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Bio = new string('b', 501) }).RefusedAsync(422, ErrorCodes.ValidationFailed);
    }

    [Fact]
    public async Task A_new_user_name_signs_in_the_old_one_is_free_and_a_taken_one_refused()
    {
        var ana = await app.SignUpAsync("ana");
        var bela = await app.SignUpAsync("bela");

        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Username = bela.Username.ToUpperInvariant() }).RefusedAsync(409, ErrorCodes.UsernameTaken);
        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Username = ana.Username.ToUpperInvariant() });
        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Username = "Renamed.Ana" });

        await app.Anonymous().Accounts.LoginAsync(new LoginRequest { Login = "renamed.ana", Password = ana.Password });
        await app.SignInAsync(ana).RefusedAsync(401, ErrorCodes.InvalidCredentials);
        await bela.Users.UpdateMeAsync(new UpdateUserRequest { Username = ana.Username });
    }

    [Fact]
    public async Task A_new_mail_address_needs_the_password()
    {
        var ana = await app.SignUpAsync("ana");
        var bela = await app.SignUpAsync("bela");
        const string New = "new-ana@example.org";

        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Email = New }).RefusedAsync(403, ErrorCodes.WrongPassword);
        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Email = New, CurrentPassword = "wrong horse battery" }).RefusedAsync(403, ErrorCodes.WrongPassword);
        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Email = bela.Email.ToUpperInvariant(), CurrentPassword = ana.Password }).RefusedAsync(409, ErrorCodes.EmailTaken);
        Assert.Equal(ana.Email, (await ana.Users.UpdateMeAsync(new UpdateUserRequest { Email = ana.Email, Name = "Same address" })).Email);
        var changed = await ana.Users.UpdateMeAsync(new UpdateUserRequest { Email = New, CurrentPassword = ana.Password });

        Assert.Equal(New, changed.Email);
        Assert.Contains(ana.Username, (await app.Mail.NextToAsync(ana.Email)).Text, StringComparison.Ordinal);
        await app.Anonymous().Accounts.LoginAsync(new LoginRequest { Login = New, Password = ana.Password });
        await app.Anonymous().Accounts.LoginAsync(new LoginRequest { Login = ana.Email, Password = ana.Password }).RefusedAsync(401, ErrorCodes.InvalidCredentials);
    }

    [Fact]
    public async Task Others_see_me_without_what_is_mine_alone_and_admins_see_more()
    {
        var ana = await app.SignUpAsync("ana");
        var bela = await app.SignUpAsync("bela");

        var asStranger = await bela.Users.GetAsync(ana.Id);
        var asAdmin = await app.Admin.Users.GetAsync(ana.Id);
        var asSelf = await ana.Users.GetAsync(ana.Id);

        Assert.Equal((null, null, null, null), (asStranger.Email, asStranger.TotpEnabled, asStranger.QuotaBytes, asStranger.Disabled));
        Assert.Equal((ana.Email, false, false), (asAdmin.Email, asAdmin.TotpEnabled!.Value, asAdmin.Disabled!.Value));
        Assert.Equal((ana.Email, null, null, null), (asSelf.Email, asSelf.Disabled, asSelf.Following, asSelf.Blocked));
        using var raw = await bela.SendAsync(HttpMethod.Get, $"/api/v1/users/{ana.Id}").AnsweredAsync(200);
        Assert.DoesNotContain(ana.Email, await raw.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_I_and_admins_change_my_profile_and_a_missing_one_is_missing_for_all()
    {
        var ana = await app.SignUpAsync("ana");
        var bela = await app.SignUpAsync("bela");

        await bela.Users.UpdateAsync(ana.Id, new UpdateUserRequest { Name = "Hacked" }).RefusedAsync(403, ErrorCodes.Forbidden);
        await bela.Users.UpdateAsync(default, new UpdateUserRequest { Name = "Nobody" }).RefusedAsync(404, ErrorCodes.NotFound);
        await app.Admin.Users.UpdateAsync(default, new UpdateUserRequest { Name = "Nobody" }).RefusedAsync(404, ErrorCodes.NotFound);
        Assert.Equal("Mine", (await ana.Users.UpdateAsync(ana.Id, new UpdateUserRequest { Name = "Mine" })).Name);
        Assert.Equal("By admin", (await app.Admin.Users.UpdateAsync(ana.Id, new UpdateUserRequest { Name = "By admin" })).Name);
        Assert.Equal("By admin", (await bela.Users.GetAsync(ana.Id)).Name);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("019b90d5-1f88-7753-87da-7bd8ca8fb345")]
    public async Task An_unknown_id_and_a_malformed_one_are_answered_alike(string id)
    {
        var problem = await app.Admin.SendAsync(HttpMethod.Get, $"/api/v1/users/{id}").RefusedAsync(404, ErrorCodes.NotFound);

        Assert.Equal("There is no such thing here.", problem.Detail);
    }
}
