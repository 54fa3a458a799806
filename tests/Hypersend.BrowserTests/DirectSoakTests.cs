using System.Diagnostics;

namespace Hypersend.BrowserTests;

/// <summary>Gigabytes from one browser to another, on each way: no page grows by it, and nothing of it comes to lie on the server.</summary>
[Trait(Soak.Trait, Soak.Value)]
public sealed class DirectSoakTests(Chromium chromium, ITestOutputHelper output) : IDisposable
{
    // What goes through a worker's socket, Playwright is told of frame by frame and keeps: three bytes for each of them in its own process, as many in the browser's.
    private static readonly long Relayed = Math.Min(Soak.Bytes / 2, 512 << 20);

    private readonly string _folder = Directory.CreateTempSubdirectory("hypersend-soak-").FullName;

    [Fact]
    public Task By_a_direct_line() => SendAsync("by a direct line", DirectPair.Line(), Soak.Bytes, holdsRelay: true);

    [Fact]
    public Task Through_the_relay() => SendAsync("through the relay", DirectPair.NoLines, Relayed, holdsRelay: false);

    [Fact]
    public Task By_a_direct_line_that_is_cut_on_the_way() =>
        SendAsync("by a direct line and then the relay", DirectPair.Line(Soak.Bytes - Relayed), Soak.Bytes, holdsRelay: false);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task SendAsync(string way, string script, long length, bool holdsRelay)
    {
        await using var server = await AppServer.StartAsync();
        await using var pair = await DirectPair.OpenAsync(chromium, server, ("ragna", DirectPair.NoPickers + script), ("sven", DirectPair.NoPickers));
        if (holdsRelay) await pair.HoldTicketsAsync();
        await Kept.AppAsync(pair.Receiver);
        var path = Soak.Fill(_folder, length);
        var before = server.DiskBytes;
        await using var sending = await PageHeap.WatchAsync(pair.Sender);
        await using var receiving = await PageHeap.WatchAsync(pair.Receiver);

        await pair.OfferAsync(path);
        var watch = Stopwatch.StartNew();
        var download = await pair.AcceptAsDownloadAsync();
        await pair.ExpectDoneAsync(Soak.Milliseconds);

        watch.Stop();
        await Task.WhenAll(sending.StopAsync(), receiving.StopAsync());
        var (after, lost) = (server.DiskBytes, await pair.Receiver.Locator(".direct").GetAttributeAsync("data-lost"));
        output.WriteLine(
            $"{way}: {Soak.Speed(length, watch.Elapsed)}{(lost is null ? "" : $", {lost} ms without a byte at the change")}; the sender held {sending}; the receiver {receiving}; "
            + $"the server's folder had {before >> 10} KiB and has {after >> 10}");
        Assert.Equal(await DirectPair.HashAsync(path), await DirectPair.HashAsync(await download.PathAsync()));
        foreach (var heap in new[] { sending, receiving })
        {
            Assert.InRange(heap.MostMegabytes, 0, 150);
            // Garbage that is not collected yet included: far less than what went through it.
            Assert.InRange(heap.MostWithWorkers, 0, 512);
        }

        // Its database writes down who sent what to whom, and when.
        Assert.InRange(after - before, 0, 8 << 20);
        pair.ShouldNotComplain();
    }
}
