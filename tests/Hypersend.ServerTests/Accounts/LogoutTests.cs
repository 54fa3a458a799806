using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Accounts;

public sealed class LogoutTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task By_the_access_token_this_session_ends_at_once_and_the_others_live()
    {
        var ana = await app.SignUpAsync("ana");
        var otherDevice = await app.SignInAsync(ana);
        await ana.Accounts.GetMeAsync();

        await ana.SendAsync(HttpMethod.Post, "/api/v1/auth/logout").AnsweredAsync(204);

        await ana.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.SessionEnded);
        await RefreshAsync(ana).RefusedAsync(401, ErrorCodes.InvalidRefreshToken);
        await otherDevice.Accounts.GetMeAsync();
        await ana.SendAsync(HttpMethod.Post, "/api/v1/auth/logout").AnsweredAsync(204);
    }

    [Fact]
    public async Task By_an_access_token_that_has_expired()
    {
        var clock = new ManualClock();
        await using var own = await App.StartAsync(clock);
        var ana = await own.SignUpAsync("ana");
        clock.Advance(TimeSpan.FromHours(2));
        await ana.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.InvalidToken);

        await ana.SendAsync(HttpMethod.Post, "/api/v1/auth/logout").AnsweredAsync(204);

        await own.SendAsync(HttpMethod.Post, "/api/v1/auth/refresh", $$"""{"refresh_token":"{{ana.RefreshToken}}"}""")
            .RefusedAsync(401, ErrorCodes.InvalidRefreshToken);
    }

    [Fact]
    public async Task By_the_refresh_token_alone()
    {
        var ana = await app.SignUpAsync("ana");

        await app.SendAsync(HttpMethod.Post, "/api/v1/auth/logout", $$"""{"refresh_token":"{{ana.RefreshToken}}"}""").AnsweredAsync(204);

        await ana.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.SessionEnded);
    }

    [Fact]
    public async Task By_nothing_or_by_nonsense_nobody_is_logged_out()
    {
        await app.SendAsync(HttpMethod.Post, "/api/v1/auth/logout").RefusedAsync(401, ErrorCodes.NotAuthenticated);
        await app.SendAsync(HttpMethod.Post, "/api/v1/auth/logout", null, ("Authorization", "Bearer nonsense")).RefusedAsync(401, ErrorCodes.InvalidToken);
        await app.SendAsync(HttpMethod.Post, "/api/v1/auth/logout", """{"refresh_token":"hsr_nonsense"}""").RefusedAsync(401, ErrorCodes.NotAuthenticated);
    }

    [Fact]
    public async Task From_everywhere_all_sessions_end_this_one_too_and_nobody_elses()
    {
        var ana = await app.SignUpAsync("ana");
        var otherDevice = await app.SignInAsync(ana);
        var bela = await app.SignUpAsync("bela");
        await otherDevice.Accounts.GetMeAsync();

        await ana.SendAsync(HttpMethod.Post, "/api/v1/auth/logout-all").AnsweredAsync(204);

        await ana.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.SessionEnded);
        await otherDevice.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.SessionEnded);
        await RefreshAsync(otherDevice).RefusedAsync(401, ErrorCodes.InvalidRefreshToken);
        await bela.Accounts.GetMeAsync();
        await app.SignInAsync(ana);
    }

    private Task<HttpResponseMessage> RefreshAsync(Person person) =>
        app.SendAsync(HttpMethod.Post, "/api/v1/auth/refresh", $$"""{"refresh_token":"{{person.RefreshToken}}"}""");
}
