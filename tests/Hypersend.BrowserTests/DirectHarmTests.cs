using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>Files that are not what they were said to be: nothing of them gets a name, and both are told why.</summary>
public sealed class DirectHarmTests(AppServer server, Chromium chromium) : IDisposable
{
    private const string Changed = "The file was changed while it was being sent.";

    private readonly string _folder = Directory.CreateTempSubdirectory("hypersend-harm-").FullName;

    [Fact]
    public async Task What_is_not_the_file_that_its_sender_names_is_no_download_and_no_picked_file()
    {
        await using var pair = await OpenAsync("xaver", "yusra");
        await Kept.AppAsync(pair.Receiver);
        await pair.HoldTicketsAsync();
        await pair.Sender.EvaluateAsync("() => { line.lies = true; }");
        var path = DirectPair.Fill(_folder, 3);

        await pair.OfferAsync(path);
        var download = await pair.AcceptAsDownloadAsync();
        await pair.ExpectFailedAsync(Changed);
        Assert.NotNull(await download.FailureAsync());

        foreach (var page in pair.Pages) await page.Keyboard.PressAsync("Escape");
        await pair.Receiver.EvaluateAsync("() => { " + DirectPair.PicksPlace + " }");
        await pair.OfferAsync(path);
        await pair.AcceptAsync("Save as…");
        await Expect(pair.Receiver.Locator(".direct[data-state=failed]")).ToHaveCountAsync(2, new() { Timeout = DirectPair.Long });
        await pair.ExpectFailedAsync(Changed);
        Assert.Equal(-1, await pair.PickedSizeAsync(path));
        pair.ShouldNotComplain();
    }

    [Fact]
    public async Task A_file_that_changes_on_its_sender_s_disk_is_sent_no_further()
    {
        await using var pair = await OpenAsync("zeno", "amina", most: 2 << 20, DirectPair.PicksPlace);
        var letIn = await pair.HoldTicketsAsync();
        // More than is out at once without an answer, so that some of it is not read yet.
        var path = DirectPair.Fill(_folder, 24);

        await pair.OfferAsync(path);
        await pair.AcceptAsync("Save as…");
        await pair.SilenceAsync();
        await File.AppendAllTextAsync(path, "more", TestContext.Current.CancellationToken);
        letIn.SetResult();

        await pair.ExpectFailedAsync(Changed);
        Assert.Equal(-1, await pair.PickedSizeAsync(path));
        pair.ShouldNotComplain();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<DirectPair> OpenAsync(string sender, string receiver, long? most = null, string place = "") => DirectPair.OpenAsync(
        chromium, server, (sender, DirectPair.NoPickers + DirectPair.Line(most)), (receiver, DirectPair.NoPickers + place));
}
