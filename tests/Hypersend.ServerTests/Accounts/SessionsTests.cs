using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Accounts;

public sealed class SessionsTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task The_list_shows_my_devices_and_which_one_asks()
    {
        var ana = await app.SignUpAsync("ana");
        using var login = await app.SendAsync(HttpMethod.Post, "/api/v1/auth/login",
            $$"""{"login":"{{ana.Username}}","password":"{{ana.Password}}"}""", ("User-Agent", "Toaster/1.0")).AnsweredAsync(200);

        var sessions = (await ana.Accounts.ListSessionsAsync()).Items;

        Assert.Equal(2, sessions.Count);
        Assert.All(sessions, session => Assert.Equal("127.0.0.1", session.Address));
        Assert.All(sessions, session => Assert.Equal(30, Math.Round((session.ExpiresAt - session.CreatedAt).TotalDays)));
        var mine = Assert.Single(sessions, session => session.Current);
        var toaster = Assert.Single(sessions, session => session.UserAgent == "Toaster/1.0");
        Assert.NotEqual(mine.Id, toaster.Id);
    }

    [Fact]
    public async Task Ending_one_ends_that_one()
    {
        var ana = await app.SignUpAsync("ana");
        var otherDevice = await app.SignInAsync(ana);
        var other = (await otherDevice.Accounts.ListSessionsAsync()).Items.Single(session => session.Current);

        await ana.Accounts.EndSessionAsync(other.Id);

        await otherDevice.SendAsync(HttpMethod.Get, "/api/v1/auth/me").RefusedAsync(401, ErrorCodes.SessionEnded);
        Assert.True(Assert.Single((await ana.Accounts.ListSessionsAsync()).Items).Current);
        await ana.Accounts.EndSessionAsync(other.Id).RefusedAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task A_stranger_s_session_is_as_unknown_as_one_that_never_was()
    {
        var ana = await app.SignUpAsync("ana");
        var bela = await app.SignUpAsync("bela");
        var belas = (await bela.Accounts.ListSessionsAsync()).Items.Single().Id;

        var foreign = await ana.SendAsync(HttpMethod.Delete, $"/api/v1/auth/sessions/{belas}").RefusedAsync(404, ErrorCodes.NotFound);
        var missing = await ana.SendAsync(HttpMethod.Delete, $"/api/v1/auth/sessions/{SessionId.From(default)}").RefusedAsync(404, ErrorCodes.NotFound);
        var malformed = await ana.SendAsync(HttpMethod.Delete, "/api/v1/auth/sessions/nonsense").RefusedAsync(404, ErrorCodes.NotFound);

        Assert.Equal(missing.Detail, foreign.Detail);
        Assert.Equal(missing.Detail, malformed.Detail);
        await bela.Accounts.GetMeAsync();
    }
}
