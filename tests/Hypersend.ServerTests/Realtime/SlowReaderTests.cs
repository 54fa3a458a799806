using System.Diagnostics;
using System.Text;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Realtime.Fanout;
using Hypersend.Server.Realtime.Sockets;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;
using Hypersend.ServerTests.Push;
using Hypersend.ServerTests.Search;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Realtime;

/// <summary>Clients that do not read, or only write: their queues end somewhere, and nobody else waits for them.</summary>
[Collection(nameof(Alone))]
public sealed class SlowReaderTests(App app, ITestOutputHelper output) : IClassFixture<App>
{
    private const int SmallBuffer = 4096;

    [Fact]
    public async Task A_reader_that_stalls_is_told_to_resync_when_it_reads_again_and_then_hears_everything()
    {
        // No time passes on the server: however long a machine takes for what is said, nobody was too slow.
        await using var still = await App.StartAsync(new ManualClock(TimeProvider.System.GetUtcNow()));
        var (ana, bela, chat) = await PairAsync(still);
        await using var stalled = await RawSocket.OpenAsync(still, bela.AccessToken, SmallBuffer);
        await stalled.ReadUntilAsync("welcome");
        await using var speaker = await SocketClient.OpenAsync(still, ana);
        await using var good = await SocketClient.OpenAsync(still, bela);
        await SayMuchAsync(speaker, good, chat, kilobytes: 12_000);

        Assert.Contains("resync", await stalled.ReadUntilAsync("resync"), StringComparison.Ordinal);
        var cursor = (await bela.FindChatAsync(chat)).Rev;
        await stalled.SayAsync("{\"type\":\"hello\",\"cursors\":{\"" + chat + "\":" + cursor + "}}");
        var synced = await stalled.ReadUntilAsync("\"synced\"");
        Assert.Contains(chat.ToString(), synced, StringComparison.Ordinal);
        await speaker.SayAsync(chat, "and on it goes");
        Assert.Contains("and on it goes", await stalled.ReadUntilAsync("and on it goes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_never_reads_again_is_closed_while_the_others_hear_everything_in_time()
    {
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var still = await App.StartAsync(clock);
        var (ana, bela, chat) = await PairAsync(still);
        await using var stalled = await RawSocket.OpenAsync(still, bela.AccessToken, SmallBuffer);
        await stalled.ReadUntilAsync("welcome");
        await using var speaker = await SocketClient.OpenAsync(still, ana);
        await using var good = await SocketClient.OpenAsync(still, bela);
        await SayMuchAsync(speaker, good, chat, kilobytes: 12_000);

        // What was said is read once more for the index, a batch at a time, which is memory of another kind.
        await still.InStepAsync();
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        await SayMuchAsync(speaker, good, chat, kilobytes: 12_000);
        output.WriteLine($"12 MB beside a stalled reader in {watch.Elapsed.TotalSeconds:0.0} s");
        await still.InStepAsync();
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - memory < 24 * 1024 * 1024);

        // It gets ten seconds; the close waits for it as long again.
        clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => Task.FromResult(still.EveryNode.Any(node => node.GetRequiredService<LiveHub>().ListenersOf(bela.Id).OfType<LiveSocket>().Any(socket => !socket.IsOpen))));
        Assert.Equal($"closed {CloseCodes.TooSlow}", await stalled.ReadUntilAsync("nothing like this"));
        await speaker.SayAsync(chat, "still here");
    }

    [Fact]
    public async Task A_sender_that_never_reads_is_read_no_more_when_its_answers_pile_up()
    {
        var (_, bela, chat) = await PairAsync(app);
        await using var sender = await RawSocket.OpenAsync(app, bela.AccessToken, SmallBuffer);
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var frame = RawSocket.Frame(0x81, Encoding.UTF8.GetBytes(
            $$"""{"type":"message.send","id":"x","chat_id":"{{chat}}","client_id":"always the same","content":"{{new string('x', 9_000)}}"}"""));
        var sent = await sender.SendUntilStuckAsync(frame, most: 20_000, stuckFor: TimeSpan.FromSeconds(3));

        output.WriteLine($"It could send {sent} frames");
        Assert.InRange(sent, 1, 19_999);
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - memory < 48 * 1024 * 1024);
        await using var good = await SocketClient.OpenAsync(app, bela);
        await good.SayAsync(chat, "unharmed");
    }

    [Fact]
    public async Task A_client_that_pings_and_never_reads_is_read_no_more_either()
    {
        await using var sender = await RawSocket.OpenAsync(app, app.Admin.AccessToken, SmallBuffer);
        var pings = Enumerable.Range(0, 1000).SelectMany(_ => RawSocket.Frame(0x89, new byte[125])).ToArray();
        Assert.InRange(await sender.SendUntilStuckAsync(pings, most: 2_000, stuckFor: TimeSpan.FromSeconds(3)), 1, 1_999);
    }

    private static async Task<(Person Ana, Person Bela, ChatId Chat)> PairAsync(App app)
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        return (ana, bela, (await ana.CreateChatAsync("group", "Trip", bela)).Id);
    }

    /// <summary>No faster than somebody who listens well.</summary>
    private static async Task SayMuchAsync(SocketClient speaker, SocketClient good, ChatId chat, int kilobytes)
    {
        var content = new string('x', 8 * 1024);
        for (var i = 1; i <= kilobytes / 8; i++)
        {
            await speaker.SendAsync($$"""{"type":"message.send","id":"{{i}}","chat_id":"{{chat}}","content":"{{i}} {{content}}"}""");
            if (i % 50 == 0)
                await good.NextAsync(one => one.Is("message") && ((string)one["message"]!["content"]!).StartsWith($"{i} ", StringComparison.Ordinal));
        }

        // What the test itself keeps of it would count as the server's memory.
        await speaker.DrainAsync();
        await good.DrainAsync();
    }
}
