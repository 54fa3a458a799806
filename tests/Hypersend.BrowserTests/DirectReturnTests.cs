namespace Hypersend.BrowserTests;

/// <summary>Pages that are loaded again in the middle of a direct transfer: what was there stays there.</summary>
public sealed class DirectReturnTests(AppServer server, Chromium chromium, ITestOutputHelper output) : IDisposable
{
    private const int Mebibytes = 24;

    private readonly string _folder = Directory.CreateTempSubdirectory("hypersend-return-").FullName;

    [Fact]
    public async Task A_receiver_who_loads_the_page_again_goes_on_in_the_file_they_picked_with_what_it_has()
    {
        await using var pair = await OpenAsync("tamar", "ulf", most: 20 << 20);
        // The relay comes when the page is there again, so that there is a way however slow the machine is.
        var letIn = await pair.HoldTicketsAsync(pair.Sender);
        var path = DirectPair.Fill(_folder, Mebibytes);
        await pair.OfferAsync(path);
        await pair.AcceptAsync("Save as…");
        var kept = await pair.KeptAsync(16);

        await pair.Sender.EvaluateAsync("() => { line.most = Infinity; line.sent = 0; }");
        await pair.Receiver.ReloadAsync();
        letIn.SetResult();
        await pair.Receiver.Button("Transfers").ClickAsync();
        await pair.ExpectDoneAsync();

        Assert.Equal(await DirectPair.HashAsync(path), await pair.PickedHashAsync(path));
        var again = await pair.Sender.EvaluateAsync<long>("() => line.sent");
        output.WriteLine($"{kept} chunks of {Mebibytes} were kept, and {again >> 20} MiB left by the direct line after that");
        // A machine that stands still is asked twice for the rest, and never for what was kept.
        Assert.InRange(again, 0, (Mebibytes << 20) - 1);
        pair.ShouldNotComplain();
    }

    [Fact]
    public async Task A_sender_who_loads_the_page_again_picks_the_same_file_and_no_other()
    {
        await using var pair = await OpenAsync("thea", "urs", most: 10 << 20);
        var letIn = await pair.HoldTicketsAsync(pair.Receiver);
        var (path, other) = (DirectPair.Fill(_folder, Mebibytes), DirectPair.Fill(_folder, Mebibytes, salt: 1));
        await pair.OfferAsync(path);
        await pair.AcceptAsync("Save as…");
        await pair.SilenceAsync();
        await pair.GotAsync(9);

        await pair.Sender.ReloadAsync();
        await PickAsync(pair, other);
        await pair.Sender.ExpectToastAsync("This is another file. Pick the one you started with.");
        await pair.Sender.EvaluateAsync("() => { line.most = Infinity; }");
        await PickAsync(pair, path);
        letIn.SetResult();
        await pair.Sender.Button("Transfers").ClickAsync();
        await pair.ExpectDoneAsync();

        Assert.Equal(await DirectPair.HashAsync(path), await pair.PickedHashAsync(path));
        pair.ShouldNotComplain();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task PickAsync(DirectPair pair, string path)
    {
        var chooser = await pair.Sender.RunAndWaitForFileChooserAsync(() => pair.Sender.Button("Continue").ClickAsync());
        await chooser.SetFilesAsync(path);
    }

    private Task<DirectPair> OpenAsync(string sender, string receiver, long most) => DirectPair.OpenAsync(
        chromium, server, (sender, DirectPair.NoPickers + DirectPair.Line(most)), (receiver, DirectPair.NoPickers + DirectPair.PicksPlace));
}
