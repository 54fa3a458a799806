using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Hypersend.Contracts;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Auth;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Accounts;

public sealed class RefreshTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_repeat_gives_the_same_successor_and_both_work_until_it_is_used()
    {
        var ana = await app.SignUpAsync("ana");
        var first = ana.SignedIn.RefreshToken!;

        var one = await RefreshAsync(first);
        var two = await RefreshAsync(first);

        Assert.NotEqual(first, one.RefreshToken);
        Assert.Equal(one.RefreshToken, two.RefreshToken);
        Assert.Equal(ana.Id, one.Id);
        await MeAsync(one.AccessToken).AnsweredAsync(200);
        await MeAsync(two.AccessToken).AnsweredAsync(200);
    }

    [Fact]
    public async Task Twenty_refreshes_at_once_all_succeed_with_one_successor()
    {
        var ana = await app.SignUpAsync("ana");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RefreshAsync(ana.SignedIn.RefreshToken!)));

        Assert.Single(answers.Select(answer => answer.RefreshToken).Distinct());

        // The same when the token is one that must be rotated to first.
        var second = answers[0].RefreshToken!;
        var later = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RefreshAsync(second)));
        Assert.NotEqual(second, Assert.Single(later.Select(answer => answer.RefreshToken).Distinct()));
    }

    [Fact]
    public async Task A_token_whose_successor_was_used_ends_the_whole_family()
    {
        var ana = await app.SignUpAsync("ana");
        var otherDevice = await app.SignInAsync(ana);
        var first = ana.SignedIn.RefreshToken!;
        var second = (await RefreshAsync(first)).RefreshToken!;
        var third = await RefreshAsync(second);
        await MeAsync(third.AccessToken).AnsweredAsync(200);

        await SendAsync(first).RefusedAsync(401, ErrorCodes.RefreshReused);

        await SendAsync(third.RefreshToken!).RefusedAsync(401, ErrorCodes.InvalidRefreshToken);
        await SendAsync(second).RefusedAsync(401, ErrorCodes.InvalidRefreshToken);
        await MeAsync(third.AccessToken).RefusedAsync(401, ErrorCodes.SessionEnded);
        await otherDevice.Accounts.GetMeAsync();
    }

    [Fact]
    public async Task A_forged_or_damaged_token_is_refused_and_harms_nobody()
    {
        var ana = await app.SignUpAsync("ana");
        var first = ana.SignedIn.RefreshToken!;
        var current = (await RefreshAsync((await RefreshAsync(first)).RefreshToken!)).RefreshToken!;
        var bytes = Base64Url.DecodeFromChars(current.AsSpan("hsr_".Length));

        // The session's id with an older generation and a secret of one's own: what a thief could make up.
        var forged = bytes.ToArray();
        forged.AsSpan(16, 4).Clear();
        RandomNumberGenerator.Fill(forged.AsSpan(20, 32));
        await SendAsync("hsr_" + Base64Url.EncodeToString(forged)).RefusedAsync(401, ErrorCodes.InvalidRefreshToken);

        var flipped = bytes.ToArray();
        flipped[30] ^= 1;
        await SendAsync("hsr_" + Base64Url.EncodeToString(flipped)).RefusedAsync(401, ErrorCodes.InvalidRefreshToken);
        await SendAsync(current[..^2]).RefusedAsync(401, ErrorCodes.InvalidRefreshToken);
        await SendAsync(ana.AccessToken[..150]).RefusedAsync(401, ErrorCodes.InvalidRefreshToken);
        await SendAsync("nonsense").RefusedAsync(401, ErrorCodes.InvalidRefreshToken);
        await app.SendAsync(HttpMethod.Post, "/api/v1/auth/refresh").RefusedAsync(401, ErrorCodes.InvalidRefreshToken);
        await app.SendAsync(HttpMethod.Post, "/api/v1/auth/refresh", "{}").RefusedAsync(401, ErrorCodes.InvalidRefreshToken);

        await RefreshAsync(current);
    }

    [Fact]
    public async Task A_session_slides_with_every_refresh_and_ends_when_nobody_comes()
    {
        var clock = new ManualClock();
        await using var own = await App.StartAsync(clock, "--REFRESH_TOKEN_DAYS=2");
        var ana = await own.SignUpAsync("ana");
        var token = ana.SignedIn.RefreshToken!;
        for (var i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromHours(47));
            var renewed = await RefreshAsync(own, token);
            token = renewed.RefreshToken!;

            // Nor does a node that remembers the session's first end believe in it.
            own.Services.GetRequiredService<SessionCache>().PollAnswered();
            await own.SendAsync(HttpMethod.Get, "/api/v1/auth/me", null, ("Authorization", "Bearer " + renewed.AccessToken)).AnsweredAsync(200);
        }

        clock.Advance(TimeSpan.FromHours(48));
        await SendAsync(own, token).RefusedAsync(401, ErrorCodes.InvalidRefreshToken);
    }

    [Fact]
    public async Task The_successor_is_the_same_after_a_restart()
    {
        await using var own = await App.StartAsync();
        var ana = await own.SignUpAsync("ana");
        var before = await RefreshAsync(own, ana.SignedIn.RefreshToken!);

        await own.RestartAsync();

        Assert.Equal(before.RefreshToken, (await RefreshAsync(own, ana.SignedIn.RefreshToken!)).RefreshToken);
    }

    private Task<SignedIn> RefreshAsync(string token) => RefreshAsync(app, token);

    private static async Task<SignedIn> RefreshAsync(App app, string token)
    {
        using var answer = await SendAsync(app, token).AnsweredAsync(200);
        return (await answer.Content.ReadFromJsonAsync(HypersendJson.Wire.SignedIn))!;
    }

    private Task<HttpResponseMessage> SendAsync(string token) => SendAsync(app, token);

    private static Task<HttpResponseMessage> SendAsync(App app, string token) =>
        app.SendAsync(HttpMethod.Post, "/api/v1/auth/refresh", $$"""{"refresh_token":"{{token}}"}""");

    private Task<HttpResponseMessage> MeAsync(string accessToken) =>
        app.SendAsync(HttpMethod.Get, "/api/v1/auth/me", null, ("Authorization", "Bearer " + accessToken));
}
