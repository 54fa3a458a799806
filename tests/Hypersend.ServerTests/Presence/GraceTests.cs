using Hypersend.Contracts.Users;
using Hypersend.Server.Realtime.Fanout;
using Hypersend.ServerTests.Convergence;
using Hypersend.ServerTests.Fixture;
using Hypersend.ServerTests.Push;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Presence;

/// <summary>What time does to presence, and other nodes.</summary>
public sealed class GraceTests
{
    [Fact]
    [OneNode("nodes tell each other when their clocks say so, and this one stands still")]
    public async Task Who_comes_back_within_the_grace_was_never_away_and_who_does_not_is_offline_after_it()
    {
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var app = await App.StartAsync(clock);
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        await ana.DirectAsync(bela);
        await using var watcher = await SocketClient.OpenAsync(app, ana);
        await using (var first = await SocketClient.OpenAsync(app, bela))
        {
            await first.SetPresenceAsync("busy");
            await first.HearsAsync(bela, "busy");
            clock.Advance(TimeSpan.FromSeconds(3));
            await watcher.WatchAsync(ana, bela);
            await watcher.HearsAsync(bela, "busy");
            await first.CloseAsync();
        }

        await GoneAsync(app, bela);

        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(Presences.Busy, (await ana.Users.GetAsync(bela.Id)).Presence);
        await using (var second = await SocketClient.OpenAsync(app, bela))
        {
            Assert.Equal(Presences.Busy, (await ana.Users.GetAsync(bela.Id)).Presence);
            await second.CloseAsync();
        }

        await GoneAsync(app, bela);
        await watcher.SetPresenceAsync("away");
        await watcher.DrainAsync();
        clock.Advance(TimeSpan.FromSeconds(10));
        await watcher.HearsNothingButAsync(ana, "away", bela);
        var left = clock.GetUtcNow() - TimeSpan.FromSeconds(10);
        clock.Advance(TimeSpan.FromSeconds(11));

        var told = await watcher.HearsAsync(bela, "offline");
        Assert.Equal(left.ToUnixTimeMilliseconds(), ((DateTimeOffset)told["last_seen"]!).ToUnixTimeMilliseconds());
        Assert.Equal(Presences.Offline, (await ana.Users.GetAsync(bela.Id)).Presence);
    }

    [Fact]
    public async Task Another_node_tells_who_is_there_and_who_went_with_it()
    {
        await using var here = await App.StartAsync();
        await using var there = await here.StartSecondAsync();
        BusBridge.Join(here, there, new Fixture.Dice(7));
        var (ana, bela) = (await here.SignUpAsync("ana"), await here.SignUpAsync("bela"));
        await ana.DirectAsync(bela);
        await using var watcher = await SocketClient.OpenAsync(here, ana);
        await watcher.WatchAsync(bela);
        await watcher.HearsAsync(bela, "offline");

        await using var socket = await SocketClient.OpenAsync(there, bela);
        await watcher.HearsAsync(bela, "online");

        Assert.Equal(Presences.Online, (await ana.Users.GetAsync(bela.Id)).Presence);
    }

    // The answer to a close leaves before the server takes the socket for gone, and the clock must not move in between.
    private static Task GoneAsync(App app, Person person) =>
        Eventually.TrueAsync(() => Task.FromResult(app.Services.GetRequiredService<LiveHub>().ListenersOf(person.Id).Count == 0));
}
