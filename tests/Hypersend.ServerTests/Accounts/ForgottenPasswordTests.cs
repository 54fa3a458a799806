using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Accounts;

public sealed class ForgottenPasswordTests
{
    private const string New = "another horse battery";

    [Fact]
    public async Task The_answer_is_the_same_for_all_and_the_mail_goes_to_the_known_one_only()
    {
        await using var app = await App.StartAsync("--PUBLIC_URL=https://chat.example.org");
        var ana = await app.SignUpAsync("ana");

        using var unknown = await ForgotAsync(app, "nobody@example.org").AnsweredAsync(202);
        using var known = await ForgotAsync(app, ana.Email.ToUpperInvariant()).AnsweredAsync(202);
        var letter = await app.Mail.NextToAsync(ana.Email);

        Assert.Equal(await unknown.Content.ReadAsStringAsync(), await known.Content.ReadAsStringAsync());
        Assert.StartsWith("https://chat.example.org/reset#token=", letter.Link.ToString(), StringComparison.Ordinal);
        Assert.Contains(ana.Username, letter.Text, StringComparison.Ordinal);
        Assert.Equal([letter], app.Mail.All);
        Assert.DoesNotContain(app.Logs.Lines, line => line.Message.Contains(letter.Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_token_sets_a_new_password_once_and_ends_every_session()
    {
        await using var app = await App.StartAsync();
        var ana = await app.SignUpAsync("ana");
        await ForgotAsync(app, ana.Email).AnsweredAsync(202);
        var token = (await app.Mail.NextToAsync(ana.Email)).Token;

        await ResetAsync(app, token, "password123").RefusedAsync(422, ErrorCodes.WeakPassword);
        await ana.SendAsync(HttpMethod.Get, "/api/v1/auth/me").AnsweredAsync(200);
        await ResetAsync(app, token, New);

        await ana.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.SessionEnded);
        await app.SignInAsync(ana).RefusedAsync(401, ErrorCodes.InvalidCredentials);
        await app.SignInAsync(ana, New);
        await ResetAsync(app, token, "a third horse battery").RefusedAsync(410, ErrorCodes.InvalidResetToken);
        await ResetAsync(app, "nonsense", New).RefusedAsync(410, ErrorCodes.InvalidResetToken);
    }

    [Fact]
    public async Task A_link_to_an_address_that_was_given_up_opens_nothing()
    {
        await using var app = await App.StartAsync();
        var ana = await app.SignUpAsync("ana");
        await ForgotAsync(app, ana.Email).AnsweredAsync(202);
        var token = (await app.Mail.NextToAsync(ana.Email)).Token;

        await ana.Users.UpdateMeAsync(new UpdateUserRequest { Email = "safe@example.org", CurrentPassword = ana.Password });

        await ResetAsync(app, token, New).RefusedAsync(410, ErrorCodes.InvalidResetToken);
    }

    [Fact]
    public async Task Of_parallel_resets_with_one_token_one_wins()
    {
        await using var app = await App.StartAsync();
        var ana = await app.SignUpAsync("ana");
        await ForgotAsync(app, ana.Email).AnsweredAsync(202);
        var token = (await app.Mail.NextToAsync(ana.Email)).Token;

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => app.SendAsync(
            HttpMethod.Post, "/api/v1/auth/reset-password", $$"""{"token":"{{token}}","new_password":"horse number {{i}} here"}""")));

        Assert.Single(answers, answer => (int)answer.StatusCode == 204);
        Assert.Equal(4, answers.Count(answer => (int)answer.StatusCode == 410));
    }

    [Fact]
    public async Task A_token_is_good_for_an_hour_and_a_mail_goes_once_a_minute()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock);
        var ana = await app.SignUpAsync("ana");
        var bela = await app.SignUpAsync("bela");
        await ForgotAsync(app, ana.Email).AnsweredAsync(202);
        var first = await app.Mail.NextToAsync(ana.Email);

        clock.Advance(TimeSpan.FromSeconds(59));
        await ForgotAsync(app, ana.Email).AnsweredAsync(202);
        await ForgotAsync(app, bela.Email).AnsweredAsync(202);
        await app.Mail.NextToAsync(bela.Email);
        Assert.Single(app.Mail.AllTo(ana.Email));

        clock.Advance(TimeSpan.FromSeconds(2));
        await ForgotAsync(app, ana.Email).AnsweredAsync(202);
        var second = await app.Mail.NextToAsync(ana.Email);
        Assert.NotEqual(first.Token, second.Token);

        clock.Advance(TimeSpan.FromMinutes(59));
        await ResetAsync(app, first.Token, New).RefusedAsync(410, ErrorCodes.InvalidResetToken);
        await ResetAsync(app, second.Token, New);
    }

    [Fact]
    public async Task Changing_the_password_meanwhile_makes_the_mail_worthless()
    {
        await using var app = await App.StartAsync();
        var ana = await app.SignUpAsync("ana");
        await ForgotAsync(app, ana.Email).AnsweredAsync(202);
        var token = (await app.Mail.NextToAsync(ana.Email)).Token;

        await ana.Accounts.ChangePasswordAsync(new ChangePasswordRequest { CurrentPassword = ana.Password, NewPassword = New });

        await ResetAsync(app, token, "a third horse battery").RefusedAsync(410, ErrorCodes.InvalidResetToken);
    }

    private static Task<HttpResponseMessage> ForgotAsync(App app, string email) =>
        app.SendAsync(HttpMethod.Post, "/api/v1/auth/forgot-password", $$"""{"email":"{{email}}"}""");

    private static Task ResetAsync(App app, string token, string password) =>
        app.Anonymous().Accounts.ResetPasswordAsync(new ResetPasswordRequest { Token = token, NewPassword = password });
}
