using System.Text;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;
using Hypersend.Sdk.Accounts;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Accounts;

/// <summary>Registration where addresses must be confirmed (CONFIRM_MAIL=on).</summary>
public sealed class ConfirmationTests
{
    [Fact]
    public async Task The_mails_link_makes_the_account_once()
    {
        await using var app = await App.StartAsync("--CONFIRM_MAIL=on", "--PUBLIC_URL=https://chat.example.org");
        await app.SignUpAsync("admin");

        var waiting = await Assert.ThrowsAsync<ConfirmationNeededException>(() => app.RegisterAsync(Ben));
        Assert.Equal((Ben.Email, 24 * 3600), (waiting.Sent.Email, waiting.Sent.ExpiresIn));
        using var client = app.Anonymous();
        await client.Accounts.LoginAsync(Login).RefusedAsync(401, ErrorCodes.InvalidCredentials);

        var letter = await app.Mail.NextToAsync(Ben.Email);
        Assert.StartsWith("https://chat.example.org/confirm#token=", letter.Link.ToString(), StringComparison.Ordinal);
        var signedIn = await client.Accounts.ConfirmAsync(new ConfirmRequest { Token = letter.Token });

        Assert.Equal((Ben.Username, Ben.Email, "user"), (signedIn.Username, signedIn.Email, signedIn.User.Role));
        await client.Accounts.GetMeAsync();
        await client.Accounts.LoginAsync(Login);
        await app.Anonymous().Accounts.ConfirmAsync(new ConfirmRequest { Token = letter.Token }).RefusedAsync(410, ErrorCodes.InvalidConfirmToken);
    }

    [Fact]
    public async Task A_known_address_gets_the_same_answer_and_another_mail()
    {
        await using var app = await App.StartAsync("--CONFIRM_MAIL=on");
        var admin = await app.SignUpAsync("admin");

        using var unknown = await RegisterAsync(app, "ben", Ben.Email).AnsweredAsync(202);
        using var known = await RegisterAsync(app, "eve", admin.Email).AnsweredAsync(202);

        var answer = await known.Content.ReadAsStringAsync();
        Assert.Equal((await unknown.Content.ReadAsStringAsync()).Replace(Ben.Email, admin.Email, StringComparison.Ordinal), answer);
        var letter = await app.Mail.NextToAsync(admin.Email);
        Assert.Contains(admin.Username, letter.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("token", letter.Text, StringComparison.Ordinal);
        await app.Anonymous().Accounts.LoginAsync(new LoginRequest { Login = "eve", Password = Person.FirstPassword })
            .RefusedAsync(401, ErrorCodes.InvalidCredentials);
    }

    [Fact]
    public async Task The_link_ends_after_a_day()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock, "--CONFIRM_MAIL=on");
        await app.SignUpAsync("admin");
        await Assert.ThrowsAsync<ConfirmationNeededException>(() => app.RegisterAsync(Ben));
        var letter = await app.Mail.NextToAsync(Ben.Email);

        clock.Advance(TimeSpan.FromHours(24));

        await app.Anonymous().Accounts.ConfirmAsync(new ConfirmRequest { Token = letter.Token }).RefusedAsync(410, ErrorCodes.InvalidConfirmToken);
    }

    [Fact]
    public async Task A_name_taken_meanwhile_is_said_and_the_first_admin_needs_no_mail()
    {
        await using var app = await App.StartAsync("--CONFIRM_MAIL=on");
        Assert.True((await app.Anonymous().Server.GetCardAsync()).NeedsSetup);
        var admin = await app.SignUpAsync("admin");
        Assert.Equal("admin", admin.SignedIn.User.Role);
        Assert.True((await app.Anonymous().Server.GetCardAsync()).ConfirmsMail);
        await RegisterAsync(app, admin.Username, "other@example.org").RefusedAsync(409, ErrorCodes.UsernameTaken);

        await RegisterAsync(app, "ben", "first@example.org").AnsweredAsync(202);
        await RegisterAsync(app, "ben", "second@example.org").AnsweredAsync(202);
        var first = await app.Mail.NextToAsync("first@example.org");
        var second = await app.Mail.NextToAsync("second@example.org");
        await app.Anonymous().Accounts.ConfirmAsync(new ConfirmRequest { Token = second.Token });
        await app.Anonymous().Accounts.ConfirmAsync(new ConfirmRequest { Token = first.Token }).RefusedAsync(409, ErrorCodes.UsernameTaken);
    }

    [Fact]
    public async Task A_confirmed_address_is_not_changed_for_an_unconfirmed_one()
    {
        await using var app = await App.StartAsync("--CONFIRM_MAIL=on");
        var admin = await app.SignUpAsync("admin");

        foreach (var address in new[] { "new@example.org", "admin@elsewhere.example" })
            await admin.Users.UpdateMeAsync(new UpdateUserRequest { Email = address, CurrentPassword = admin.Password }).RefusedAsync(409, ErrorCodes.EmailFixed);
        Assert.Equal(admin.Email, (await admin.Users.UpdateMeAsync(new UpdateUserRequest { Email = admin.Email, Name = "Same" })).Email);
    }

    private static RegisterRequest Ben { get; } = new() { Username = "ben", Email = "ben@example.org", Password = Person.FirstPassword };

    private static LoginRequest Login { get; } = new() { Login = "ben", Password = Person.FirstPassword };

    private static Task<HttpResponseMessage> RegisterAsync(App app, string username, string email) => app.Http.PostAsync(
        "/api/v1/auth/register",
        new StringContent($$"""{"username":"{{username}}","email":"{{email}}","password":"{{Person.FirstPassword}}"}""", Encoding.UTF8, "application/json"));
}
