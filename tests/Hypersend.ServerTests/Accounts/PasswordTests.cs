using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Accounts;

public sealed class PasswordTests(App app) : IClassFixture<App>
{
    private const string New = "another horse battery";

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    public async Task Changing_it_keeps_this_session_ends_the_others_and_closes_the_old_door(string method)
    {
        var ana = await app.SignUpAsync("ana");
        var otherDevice = await app.SignInAsync(ana);
        await otherDevice.Accounts.GetMeAsync();

        await ana.SendAsync(new HttpMethod(method), "/api/v1/auth/change-password",
            $$"""{"current_password":"{{ana.Password}}","new_password":"{{New}}"}""").AnsweredAsync(204);

        await ana.SendAsync(HttpMethod.Get, "/api/v1/auth/me").AnsweredAsync(200);
        await ana.Accounts.RefreshAsync();
        await otherDevice.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.SessionEnded);
        await app.SignInAsync(ana).RefusedAsync(401, ErrorCodes.InvalidCredentials);
        await app.SignInAsync(ana, New);
    }

    [Fact]
    public async Task A_wrong_current_password_changes_nothing()
    {
        var ana = await app.SignUpAsync("ana");

        var refusal = await ana.Accounts.ChangePasswordAsync(new ChangePasswordRequest { CurrentPassword = "wrong horse battery", NewPassword = New })
            .RefusedAsync(403, ErrorCodes.WrongPassword);

        Assert.Equal(["current_password"], refusal.Problem.Errors!.Keys);
        await app.SignInAsync(ana);
    }

    [Theory]
    [InlineData("password123")]
    [InlineData("1234567")]
    public async Task A_weak_new_password_changes_nothing(string weak)
    {
        var ana = await app.SignUpAsync("ana");

        var refusal = await ana.Accounts.ChangePasswordAsync(new ChangePasswordRequest { CurrentPassword = ana.Password, NewPassword = weak })
            .RefusedAsync(422, weak.Length < 8 ? ErrorCodes.ValidationFailed : ErrorCodes.WeakPassword);

        Assert.Equal(["new_password"], refusal.Problem.Errors!.Keys);
        await app.SignInAsync(ana);
    }

    [Fact]
    public async Task A_short_new_password_is_a_malformed_field()
    {
        var ana = await app.SignUpAsync("ana");

        var refusal = await ana.Accounts.ChangePasswordAsync(new ChangePasswordRequest { CurrentPassword = ana.Password, NewPassword = "short" })
            .RefusedAsync(422, ErrorCodes.ValidationFailed);

        Assert.Equal(["new_password"], refusal.Problem.Errors!.Keys);
    }
}
