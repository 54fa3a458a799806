using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Accounts;

public sealed class LoginDelayTests
{
    private const string Wrong = "wrong horse battery";

    [Fact]
    public async Task From_the_fifth_failure_the_wait_doubles_for_this_account_and_survives_a_restart()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock, "--RATE_LIMITS=on");
        var ana = await app.SignUpAsync("ana");
        var bela = await app.SignUpAsync("bela");
        for (var i = 0; i < 5; i++)
            await app.SignInAsync(ana, Wrong).RefusedAsync(401, ErrorCodes.InvalidCredentials);

        foreach (var seconds in new[] { 1, 2, 4, 8 })
        {
            var wait = TimeSpan.FromSeconds(seconds);
            // The right password waits as well, or the wait would tell which one is right.
            var refusal = await app.SignInAsync(ana).RefusedAsync(429, ErrorCodes.TooManyFailures);
            Assert.Equal(wait, refusal.RetryAfter);
            clock.Advance(wait - TimeSpan.FromMilliseconds(1));
            await app.SignInAsync(ana, Wrong).RefusedAsync(429, ErrorCodes.TooManyFailures);
            clock.Advance(TimeSpan.FromMilliseconds(1));
            await app.SignInAsync(ana, Wrong).RefusedAsync(401, ErrorCodes.InvalidCredentials);
        }

        await app.SignInAsync(bela);
        await app.RestartAsync();
        var after = await app.SignInAsync(ana).RefusedAsync(429, ErrorCodes.TooManyFailures);
        Assert.Equal(TimeSpan.FromSeconds(16), after.RetryAfter);

        clock.Advance(TimeSpan.FromSeconds(16));
        await app.SignInAsync(ana);
        await app.SignInAsync(ana, Wrong).RefusedAsync(401, ErrorCodes.InvalidCredentials);
        await app.SignInAsync(ana);
    }

    [Fact]
    public async Task Guessing_at_an_account_that_does_not_exist_waits_just_the_same()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock, "--RATE_LIMITS=on");
        for (var i = 0; i < 5; i++)
            await GuessAsync().RefusedAsync(401, ErrorCodes.InvalidCredentials);

        await GuessAsync().RefusedAsync(429, ErrorCodes.TooManyFailures);

        Task<HttpResponseMessage> GuessAsync() => app.SendAsync(HttpMethod.Post, "/api/v1/auth/login", """{"login":"nobody","password":"wrong horse battery"}""");
    }

    [Fact]
    public async Task A_session_left_open_is_no_place_to_guess_the_password_from()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock, "--RATE_LIMITS=on");
        await app.SignUpAsync("admin");
        var ana = await app.SignUpAsync("ana");
        var change = new ChangePasswordRequest { CurrentPassword = Wrong, NewPassword = "a better horse battery" };
        for (var i = 0; i < 3; i++)
            await ana.Accounts.ChangePasswordAsync(change).RefusedAsync(403, ErrorCodes.WrongPassword);
        for (var i = 0; i < 2; i++)
            await ana.Users.UpdateMeAsync(new UpdateUserRequest { Email = "thief@example.org", CurrentPassword = Wrong }).RefusedAsync(403, ErrorCodes.WrongPassword);

        await ana.SendAsync(HttpMethod.Delete, "/api/v1/users/me", $$"""{"password":"{{Wrong}}"}""").RefusedAsync(429, ErrorCodes.TooManyFailures);
        await app.SignInAsync(ana);

        clock.Advance(TimeSpan.FromSeconds(1));
        await ana.Accounts.ChangePasswordAsync(change with { CurrentPassword = ana.Password });
        for (var i = 0; i < 5; i++)
            await ana.Accounts.ChangePasswordAsync(change).RefusedAsync(403, ErrorCodes.WrongPassword);
        await ana.Accounts.ChangePasswordAsync(change).RefusedAsync(429, ErrorCodes.TooManyFailures);
    }

    [Fact]
    public async Task From_another_network_nobody_waits()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock, "--RATE_LIMITS=on", "--TRUSTED_PROXIES=127.0.0.1");
        var ana = await app.SignUpAsync("ana");
        for (var i = 0; i < 5; i++)
            await GuessAsync("203.0.113.7", Wrong).RefusedAsync(401, ErrorCodes.InvalidCredentials);

        await GuessAsync("203.0.113.99", ana.Password).RefusedAsync(429, ErrorCodes.TooManyFailures);
        using var elsewhere = await GuessAsync("198.51.100.7", ana.Password).AnsweredAsync(200);

        Task<HttpResponseMessage> GuessAsync(string address, string password) => app.SendAsync(
            HttpMethod.Post, "/api/v1/auth/login", $$"""{"login":"{{ana.Username}}","password":"{{password}}"}""", ("X-Forwarded-For", address));
    }
}
