using System.Diagnostics;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Platform.Auth;
using Hypersend.ServerTests.Convergence;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.ServerTests.Accounts;

/// <summary>What ends on one node ends on the others. The five seconds that are promised are measured.</summary>
[Collection(nameof(Alone))]
public sealed class RevocationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_node_that_was_away_for_longer_than_the_poll_looks_back_trusts_nothing_it_remembers()
    {
        await using var app = await App.StartAsync();
        var ana = await app.SignUpAsync("ana");
        var session = (await ana.Accounts.ListSessionsAsync()).Items[0].Id;
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        var ledger = app.Services.GetRequiredService<ISessionLedger>();
        var cache = new SessionCache(ledger, app.Services.GetRequiredService<IDiscretion>(), clock);
        using var poll = new RevocationPoll(cache, ledger, clock, NullLogger<RevocationPoll>.Instance);
        await poll.PollAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(await cache.FindAsync(session, TestContext.Current.CancellationToken));

        await ana.Accounts.LogoutAsync();
        clock.Advance(TimeSpan.FromSeconds(75));
        await poll.PollAsync(TestContext.Current.CancellationToken);

        Assert.Null(await cache.FindAsync(session, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_ended_session_is_dead_on_another_node_within_five_seconds()
    {
        await using var first = await App.StartAsync();
        await using var second = await first.StartSecondAsync();
        var admin = await first.SignUpAsync("admin");
        var ana = await first.SignUpAsync("ana");
        var bela = await first.SignUpAsync("bela");
        await first.SignInAsync(bela);
        foreach (var person in new[] { admin, ana, bela })
            await AskAsync(second, person).AnsweredAsync(200);

        await ana.Accounts.LogoutAsync();
        await first.SignInAsync(bela);
        await admin.Admin.UpdateUserAsync(bela.Id, new AdminUpdateUserRequest { Disabled = true });

        var watch = Stopwatch.StartNew();
        foreach (var person in new[] { ana, bela })
        {
            while (true)
            {
                using var answer = await AskAsync(second, person);
                if ((int)answer.StatusCode == 401)
                    break;
                Assert.True(watch.Elapsed < Promise, $"{person.Username} was still let in after {watch.Elapsed.TotalSeconds:0.0} s");
            }
        }

        output.WriteLine($"Dead on the other node after {watch.Elapsed.TotalSeconds:0.00} s");
        await AskAsync(second, ana).RefusedAsync(401, ErrorCodes.SessionEnded);
        await AskAsync(second, admin).AnsweredAsync(200);
    }

    [Fact]
    public async Task The_bus_tells_another_node_before_it_polls()
    {
        // Nobody's clock moves, so nobody polls again.
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var first = await App.StartAsync(clock);
        await using var second = await first.StartSecondAsync();
        BusBridge.Join(first, second, new Fixture.Dice(5));
        var ana = await first.SignUpAsync("ana");
        await using var socket = await SocketClient.OpenAsync(second, ana);
        await AskAsync(second, ana).AnsweredAsync(200);

        await ana.Accounts.LogoutAsync();

        Assert.Equal(CloseCodes.NotAuthenticated, (await socket.Closed).Code);
        await AskAsync(second, ana).RefusedAsync(401, ErrorCodes.SessionEnded);
    }

    [Fact]
    public async Task A_change_of_role_reaches_another_node_within_five_seconds()
    {
        await using var first = await App.StartAsync();
        await using var second = await first.StartSecondAsync();
        var admin = await first.SignUpAsync("admin");
        var ana = await first.SignUpAsync("ana");
        await StatusAsync().RefusedAsync(403, ErrorCodes.Forbidden);

        await admin.Admin.UpdateUserAsync(ana.Id, new AdminUpdateUserRequest { Role = "admin" });

        var watch = Stopwatch.StartNew();
        while (true)
        {
            using var answer = await StatusAsync();
            if ((int)answer.StatusCode == 200)
                break;
            Assert.True(watch.Elapsed < Promise, $"still no admin after {watch.Elapsed.TotalSeconds:0.0} s");
        }

        output.WriteLine($"Known on the other node after {watch.Elapsed.TotalSeconds:0.00} s");

        Task<HttpResponseMessage> StatusAsync() =>
            second.SendAsync(HttpMethod.Get, "/api/v1/debug/status", null, ("Authorization", "Bearer " + ana.AccessToken));
    }

    // The token as it was given out: the other node must judge it, not the client.
    private static Task<HttpResponseMessage> AskAsync(App app, Person person) =>
        app.SendAsync(HttpMethod.Get, "/api/v1/auth/me", null, ("Authorization", "Bearer " + person.SignedIn.AccessToken));
}
