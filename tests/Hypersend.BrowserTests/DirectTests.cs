using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>Files from one browser to another: by the line between them, through the relay, and from one to the other in the middle.</summary>
public sealed class DirectTests(AppServer server, Chromium chromium, ITestOutputHelper output) : IDisposable
{
    private const int Mebibytes = 64;

    private readonly string _folder = Directory.CreateTempSubdirectory("hypersend-direct-").FullName;

    [Fact]
    public async Task A_file_goes_straight_to_the_other_browser_which_saves_it_as_a_download()
    {
        await using var pair = await OpenAsync("idris", "jana", DirectPair.NoPickers + DirectPair.Line(spoils: 5), DirectPair.NoPickers);
        // The relay does not let them in, so there is one way only.
        await pair.HoldTicketsAsync();
        await Kept.AppAsync(pair.Receiver);
        var path = DirectPair.Fill(_folder, Mebibytes);

        await pair.OfferAsync(path, "the film of the lake");
        await Expect(pair.Receiver.Locator(".bubble", new() { HasText = "the film of the lake" })).ToBeVisibleAsync();
        var watch = Stopwatch.StartNew();
        var download = await pair.AcceptAsDownloadAsync();

        await pair.ExpectDoneAsync();
        output.WriteLine($"{Mebibytes} MiB by a direct line in {watch.Elapsed.TotalSeconds:F1} s, from the click to both being told");
        Assert.Equal(await DirectPair.HashAsync(path), await DirectPair.HashAsync(await download.PathAsync()));
        await Expect(pair.Receiver.Locator(".direct")).ToContainTextAsync("1 damaged part was sent again");
        pair.ShouldNotComplain();
    }

    [Fact]
    public async Task Without_direct_lines_it_goes_through_the_server_sealed_and_by_the_private_disk()
    {
        await using var pair = await OpenAsync("karim", "lena", DirectPair.NoPickers + DirectPair.NoLines, DirectPair.NoPickers + DirectPair.NoWorker);
        var path = DirectPair.Fill(_folder, Mebibytes);

        await pair.OfferAsync(path);
        var watch = Stopwatch.StartNew();
        var download = await pair.AcceptAsDownloadAsync();

        await pair.ExpectDoneAsync();
        output.WriteLine($"{Mebibytes} MiB through the relay in {watch.Elapsed.TotalSeconds:F1} s, from the click to both being told");
        Assert.Equal(await DirectPair.HashAsync(path), await DirectPair.HashAsync(await download.PathAsync()));
        var prints = await Task.WhenAll(pair.Pages.Select(page => page.Locator(".direct .fingerprint").TextContentAsync()));
        Assert.Matches("^([0-9]{5} ){7}[0-9]{5}$", prints[0]!);
        Assert.Equal(prints[0], prints[1]);
        pair.ShouldNotComplain();
    }

    [Fact]
    public async Task A_line_that_falls_silent_in_the_middle_is_left_for_the_relay_and_the_file_is_whole()
    {
        await using var pair = await OpenAsync(
            "mirek", "nadia", DirectPair.NoPickers + DirectPair.Line(most: (Mebibytes / 2) << 20), DirectPair.NoPickers + DirectPair.PicksPlace);
        var letIn = await pair.HoldTicketsAsync();
        var path = DirectPair.Fill(_folder, Mebibytes);

        await pair.OfferAsync(path);
        await pair.AcceptAsync("Save as…");
        await pair.SilenceAsync();
        letIn.SetResult();

        await pair.ExpectDoneAsync();
        Assert.Equal(await DirectPair.HashAsync(path), await pair.PickedHashAsync(path));
        var lost = await pair.Receiver.Locator(".direct").GetAttributeAsync("data-lost");
        Assert.NotNull(lost);
        output.WriteLine($"{lost} ms without a byte when the line was changed");
        pair.ShouldNotComplain();
    }

    [Fact]
    public async Task What_nobody_waited_for_comes_from_the_server_and_goes_on_after_a_reload_with_what_is_there()
    {
        await using var pair = await OpenAsync("oskar", "petra", DirectPair.NoPickers, DirectPair.NoPickers + DirectPair.NoWorker + DirectPair.NoLines);
        var path = DirectPair.Fill(_folder, 8);
        var asked = new Asked();
        await pair.Receiver.Context.RouteAsync("**/files/*/download", asked.TakeAsync);

        await pair.OfferAsync(path);
        await pair.Sender.Button("Keep it on the server instead").ClickAsync();
        await Expect(pair.Sender.Locator(".direct")).ToContainTextAsync("All of it is on the server.");
        await pair.Sender.CloseAsync();
        await pair.AcceptAsync("Accept");
        // Three of eight came; it asks for the others, and is not answered.
        await asked.ForTheRest.WaitAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(3, await pair.KeptAsync(3));
        pair.Receiver.FrameNavigated += (_, _) => asked.AnswerTheNextPage();
        var download = await pair.Receiver.RunAndWaitForDownloadAsync(() => pair.Receiver.ReloadAsync(), new() { Timeout = 120_000 });

        Assert.Equal(await DirectPair.HashAsync(path), await DirectPair.HashAsync(await download.PathAsync()));
        Assert.All(asked.Ranges.Skip(1), range => Assert.StartsWith($"bytes={3 << 20}-", range, StringComparison.Ordinal));
        await pair.Receiver.Button("Transfers").ClickAsync();
        await Expect(pair.Receiver.Locator(".direct[data-state=done] .verified")).ToHaveTextAsync("Verified");
        pair.ShouldNotComplain();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<DirectPair> OpenAsync(string sender, string receiver, string senderScript, string receiverScript) =>
        DirectPair.OpenAsync(chromium, server, (sender, senderScript), (receiver, receiverScript));

    /// <summary>What a receiver asks of the stored file: the first answer ends after three chunks, the others come when it has loaded its page again.</summary>
    private sealed class Asked
    {
        private readonly ConcurrentQueue<string> _ranges = new();
        private readonly TaskCompletionSource _forTheRest = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyCollection<string> Ranges => _ranges;

        public Task ForTheRest => _forTheRest.Task;

        public void AnswerTheNextPage() => _answer.TrySetResult();

        public async Task TakeAsync(IRoute route)
        {
            var headers = await route.Request.AllHeadersAsync();
            _ranges.Enqueue(headers["range"]);
            if (_ranges.Count == 1)
            {
                await route.ContinueAsync(new() { Headers = new Dictionary<string, string>(headers) { ["range"] = $"bytes=0-{(3 << 20) - 1}" } });
                return;
            }

            _forTheRest.TrySetResult();
            await _answer.Task;
            try
            {
                await route.ContinueAsync();
            }
            catch (PlaywrightException)
            {
                // Of the page before: the new one asks for itself.
            }
        }
    }
}
