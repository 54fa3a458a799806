using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Users;

public sealed class DeleteAccountTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task What_is_left_is_a_named_ghost_without_a_way_in()
    {
        var ana = await app.SignUpAsync("ana", "Ana the Ghost");
        var otherDevice = await app.SignInAsync(ana);
        var bela = await app.SignUpAsync("bela");
        await bela.Users.FollowAsync(ana.Id);
        await ana.Users.SetAvatarAsync(Pictures.Png);
        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Bio = "about me" });
        await otherDevice.Accounts.GetMeAsync();

        await ana.SendAsync(HttpMethod.Delete, "/api/v1/users/me").AnsweredAsync(204);

        var ghost = await bela.Users.GetAsync(ana.Id);
        Assert.Equal((true, ana.Username, "Ana the Ghost", "", null, null), (ghost.Deleted, ghost.Username, ghost.Name, ghost.Bio, ghost.AvatarUrl, ghost.LastSeen));
        Assert.Null((await app.Admin.Users.GetAsync(ana.Id)).Email);
        await bela.Users.GetAvatarAsync(ana.Id).RefusedAsync(404, ErrorCodes.NotFound);
        Assert.Empty((await bela.Users.ListFollowingAsync()).Items);
        Assert.Empty((await bela.Users.SearchAsync("ghost")).Items);
        await bela.Users.FollowAsync(ana.Id).RefusedAsync(404, ErrorCodes.NotFound);

        await ana.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.SessionEnded);
        await otherDevice.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.SessionEnded);
        await app.SendAsync(HttpMethod.Post, "/api/v1/auth/refresh", $$"""{"refresh_token":"{{ana.RefreshToken}}"}""").RefusedAsync(401, ErrorCodes.InvalidRefreshToken);
        await app.SignInAsync(ana).RefusedAsync(401, ErrorCodes.InvalidCredentials);
    }

    [Fact]
    public async Task The_user_name_stays_taken_and_the_mail_address_is_free()
    {
        var ana = await app.SignUpAsync("ana");

        await ana.Users.DeleteMeAsync();

        await app.RegisterAsync(new RegisterRequest { Username = ana.Username, Email = "again@example.org", Password = ana.Password })
            .RefusedAsync(409, ErrorCodes.UsernameTaken);
        await app.RegisterAsync(new RegisterRequest { Username = ana.Username + "-again", Email = ana.Email, Password = ana.Password });
    }

    [Fact]
    public async Task A_password_that_is_given_must_be_right()
    {
        var ana = await app.SignUpAsync("ana");

        await ana.Users.DeleteMeAsync(new DeleteAccountRequest { Password = "wrong horse battery" }).RefusedAsync(403, ErrorCodes.WrongPassword);
        await ana.Accounts.GetMeAsync();
        await ana.Users.DeleteMeAsync(new DeleteAccountRequest { Password = ana.Password });

        Assert.Null(ana.Client.Tokens);
    }

    [Fact]
    public async Task The_last_admin_cannot_leave_others_behind()
    {
        await using var own = await App.StartAsync();
        var admin = await own.SignUpAsync("admin");
        var ana = await own.SignUpAsync("ana");

        await admin.Users.DeleteMeAsync().RefusedAsync(409, ErrorCodes.LastAdmin);
        await ana.Users.DeleteMeAsync();
        await admin.Users.DeleteMeAsync();
    }

    [Fact]
    public async Task Of_two_admins_that_leave_at_once_one_stays()
    {
        await using var own = await App.StartAsync();
        var one = await own.SignUpAsync("admin");
        await own.SignUpAsync("somebody");
        for (var round = 0; round < 5; round++)
        {
            var two = await own.SignUpAsync("admin");
            await one.Admin.UpdateUserAsync(two.Id, new() { Role = Roles.Admin });

            var answers = await Task.WhenAll(new[] { one, two }.Select(admin => admin.SendAsync(HttpMethod.Delete, "/api/v1/users/me")));

            Assert.Single(answers, answer => (int)answer.StatusCode == 204);
            Assert.Single(answers, answer => (int)answer.StatusCode == 409);
            one = (int)answers[0].StatusCode == 409 ? one : two;
        }
    }
}
