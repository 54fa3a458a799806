using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.RateLimits;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Platform;

public sealed class RateLimitTests
{
    [Fact]
    [OneNode("several count by the clock of Redis, which no test moves")]
    public async Task A_group_is_used_up_by_one_address_tells_when_to_come_back_and_leaves_the_others_alone()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock, "--RATE_LIMITS=on");
        var ana = await app.SignUpAsync("ana");

        var limit = RateLimitTable.Of(RateLimitTable.Credentials).PerAddress;
        for (var i = 1; i < limit; i++)
            await GuessAsync(app, i).RefusedAsync(401, ErrorCodes.InvalidCredentials);
        using var refused = await GuessAsync(app, limit);
        await Task.FromResult(refused).RefusedAsync(429, ErrorCodes.RateLimited);
        var wait = refused.Headers.RetryAfter!.Delta!.Value;
        Assert.InRange(wait.TotalSeconds, 1, 120);

        await ana.Accounts.GetMeAsync();
        await app.Anonymous().Server.GetLiveAsync();
        clock.Advance(wait);
        await GuessAsync(app, limit + 1).RefusedAsync(401, ErrorCodes.InvalidCredentials);
    }

    [Fact]
    [OneNode("the proxy before several is believed")]
    public async Task Who_claims_another_address_with_each_try_is_counted_by_their_own()
    {
        await using var app = await App.StartAsync(new ManualClock(), "--RATE_LIMITS=on");
        var limit = RateLimitTable.Of(RateLimitTable.Credentials).PerAddress;
        for (var i = 0; i < limit; i++)
            await GuessAsync(app, i, ("X-Forwarded-For", $"203.0.{i}.7")).RefusedAsync(401, ErrorCodes.InvalidCredentials);
        await GuessAsync(app, limit, ("X-Forwarded-For", "198.51.100.7")).RefusedAsync(429, ErrorCodes.RateLimited);
    }

    [Fact]
    public async Task People_are_counted_by_who_they_are_not_by_where_they_sit()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock, "--RATE_LIMITS=on");
        var ana = await app.SignUpAsync("ana");
        var bela = await app.SignUpAsync("bela");

        for (var i = 0; i < RateLimitTable.Of(RateLimitTable.Search).PerUser; i++)
            await ana.SendAsync(HttpMethod.Get, "/api/v1/users/search?q=nobody").AnsweredAsync(200);

        await ana.SendAsync(HttpMethod.Get, "/api/v1/users/search?q=nobody").RefusedAsync(429, ErrorCodes.RateLimited);
        await ana.SendAsync(HttpMethod.Get, "/api/v1/users/me").AnsweredAsync(200);
        await bela.SendAsync(HttpMethod.Get, "/api/v1/users/search?q=nobody").AnsweredAsync(200);
    }

    [Fact]
    public async Task Switched_off_nothing_is_counted()
    {
        await using var app = await App.StartAsync("--RATE_LIMITS=off");

        for (var i = 0; i < RateLimitTable.Of(RateLimitTable.Credentials).PerAddress + 5; i++)
            await GuessAsync(app, 0).RefusedAsync(401, ErrorCodes.InvalidCredentials);
    }

    private static Task<HttpResponseMessage> GuessAsync(App app, int who, params (string Name, string Value)[] headers) =>
        app.SendAsync(HttpMethod.Post, "/api/v1/auth/login", $$"""{"login":"nobody{{who}}","password":"wrong horse battery"}""", headers);
}
