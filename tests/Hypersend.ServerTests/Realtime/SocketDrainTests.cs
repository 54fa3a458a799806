using System.Diagnostics;
using System.Text.Json.Nodes;
using Hypersend.Contracts.Realtime;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Realtime;

/// <summary>A server that stops: in time, which is measured, and with a word to everybody.</summary>
[Collection(nameof(Alone))]
public sealed class SocketDrainTests
{
    [Fact]
    public async Task A_stop_closes_every_socket_with_a_hint_when_to_come_back_and_does_not_wait_for_who_does_not_answer()
    {
        await using var app = await App.StartAsync();
        var ana = await app.SignUpAsync("ana");
        var sockets = new List<SocketClient>();
        for (var i = 0; i < 20; i++)
            sockets.Add(await SocketClient.OpenAsync(app, ana));
        await using var mute = await RawSocket.OpenAsync(app, ana.AccessToken);
        await mute.ReadUntilAsync("welcome");

        var watch = Stopwatch.StartNew();
        await app.StopAsync();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
        var waits = new HashSet<int>();
        foreach (var socket in sockets)
        {
            var end = await socket.Closed;
            Assert.Equal(CloseCodes.Restarting, end.Code);
            waits.Add((int)JsonNode.Parse(end.Reason)!["retry_ms"]!);
            await socket.DisposeAsync();
        }

        Assert.All(waits, wait => Assert.InRange(wait, 0, 5_000));
        Assert.True(waits.Count > 5, "Everybody comes back at the same time");
    }

    [Fact]
    public async Task While_a_stop_is_announced_open_sockets_go_on_and_new_ones_are_sent_away()
    {
        var notice = new HeldTimers(TimeSpan.FromSeconds(59));
        await using var app = await App.StartWithAsync(services => services.AddSingleton<TimeProvider>(notice), "--DRAIN_NOTICE_SECONDS=59");
        var ana = await app.SignUpAsync("ana");
        await using var socket = await SocketClient.OpenAsync(app, ana);
        var stopping = app.StopAsync();

        SocketRefusedException? refusal = null;
        while (refusal is null)
        {
            try
            {
                await using var late = await SocketClient.ConnectAsync(app, "/ws?token=" + ana.AccessToken);
            }
            catch (SocketRefusedException refused)
            {
                refusal = refused;
            }
        }

        Assert.Equal(503, refusal.Status);
        await socket.DrainAsync();
        notice.GoOff();
        Assert.Equal(CloseCodes.Restarting, (await socket.Closed).Code);
        await stopping;
    }

    [Fact]
    public async Task A_poll_that_waits_does_not_hold_up_a_stop()
    {
        const int wait = 53;
        var waiting = new HeldTimers(TimeSpan.FromSeconds(wait));
        await using var app = await App.StartWithAsync(services => services.AddSingleton<TimeProvider>(waiting));
        var ana = await app.SignUpAsync("ana");
        var polling = ana.SendAsync(HttpMethod.Post, "/api/v1/updates", PollingTests.Request(await PollingTests.CursorsAsync(ana), wait));
        await waiting.Begun;

        var watch = Stopwatch.StartNew();
        await app.StopAsync();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
        using var answer = await polling;
        Assert.Equal(200, (int)answer.StatusCode);
    }
}
