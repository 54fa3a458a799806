using System.Text.Json.Nodes;
using Hypersend.Cli.Files.Downloads;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Files;
using Hypersend.EngineSpecs.Engines;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.ServerTests.Transfers;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Cli;

public sealed class FetchTests(App app) : IClassFixture<App>
{
    private const int Mega = 1 << 20;

    [Fact]
    public async Task A_download_that_was_stopped_goes_on_and_fetches_again_what_came_to_harm()
    {
        var ana = await app.SignUpAsync("ana");
        var bytes = Bytes.Of((6 * Mega) + 77);
        var id = await ana.SendFileAsync(null, bytes);
        await using var proxy = new FaultProxy(app.Address.Host, app.Address.Port);
        using var machine = new Machine();
        await machine.ThroughAsync(proxy, ana);
        using var folder = new ScratchFolder();
        var target = folder.File("film.bin");
        string[] words = ["download", id.ToString(), "-o", folder.Path + "/", "--lanes", "2"];
        proxy.StallAfter(4 * Mega, answers: true);
        using var interruption = new CancellationTokenSource();
        var running = machine.RunAsync(Stream.Null, interruption.Token, words);
        await FilesHere.GrownAsync(target + ".part.chunks", 140);
        await interruption.CancelAsync();
        Assert.Equal(ExitCodes.Interrupted, await running);
        Assert.Equal(bytes.Length, new FileInfo(target + ".part").Length);
        var landed = int.Parse((await File.ReadAllLinesAsync(target + ".part.chunks", TestContext.Current.CancellationToken))[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        await using (var part = File.OpenWrite(target + ".part"))
        {
            part.Position = (long)landed * Mega;
            part.WriteByte((byte)~bytes[landed * Mega]);
        }

        proxy.CutAll();
        proxy.Resume();
        var outcome = (await machine.RunAsync(words)).Succeeded();

        Assert.Equal($"{target}\t{Hypersend.Cli.Screens.Shown.Size(bytes.Length)}\tverified", outcome.Lines[^1]);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken));
        Assert.Equal([target], Directory.GetFiles(folder.Path));
        Assert.Empty(machine.Noted("downloads"));
    }

    [Fact]
    public async Task The_output_the_numbered_name_and_a_link_give_the_same_bytes()
    {
        var ana = await app.SignUpAsync("ana");
        var bytes = Bytes.Of((2 * Mega) + 5);
        var id = await ana.SendFileAsync(null, bytes);
        var link = await ana.Files.CreateLinkAsync(id, new CreateLinkRequest { Password = "open sesame" });
        using Machine machine = new(), stranger = new();
        await machine.OfAsync(app, ana);
        using var folder = new ScratchFolder();
        using var output = new MemoryStream();

        Assert.Equal(ExitCodes.Done, await machine.RunAsync(output, CancellationToken.None, "download", id.ToString(), "-o", "-"));
        folder.Write("film.bin", [1]);
        (await machine.RunAsync("download", id.ToString(), "-o", folder.Path)).Succeeded();
        Assert.Contains("--force", (await machine.RunAsync("download", id.ToString(), "-o", folder.File("film.bin"))).Failed(ExitCodes.Failed).Error);
        Assert.Contains("--password", (await stranger.RunAsync("download", Here(link.Url!), "-o", folder.File("x"))).Failed(ExitCodes.NotSignedIn).Error);
        (await stranger.RunAsync("download", Here(link.Url!), "-o", folder.File("linked.bin"), "--password", "open sesame")).Succeeded();
        var signed = await ana.Files.GetUrlAsync(id);
        (await stranger.RunAsync("download", Here(signed.Url), "-o", folder.File("signed.bin"))).Succeeded();

        Assert.Equal(bytes, output.ToArray());
        foreach (var name in (string[])["film (1).bin", "linked.bin", "signed.bin"])
            Assert.Equal(bytes, await File.ReadAllBytesAsync(folder.File(name), TestContext.Current.CancellationToken));
        Assert.Equal([1], await File.ReadAllBytesAsync(folder.File("film.bin"), TestContext.Current.CancellationToken));
        (await machine.RunAsync("download", id.ToString(), "-o", folder.File("film.bin"), "--force")).Succeeded();
        Assert.Equal(bytes, await File.ReadAllBytesAsync(folder.File("film.bin"), TestContext.Current.CancellationToken));
    }

    /// <summary>The same where the server really listens: it was told no port of its own.</summary>
    private string Here(string address) => new Uri(app.Address, new Uri(address).PathAndQuery).ToString();

    [Fact]
    public async Task What_is_offered_arrives_with_whoever_takes_it()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        using Machine mine = new(), theirs = new();
        await mine.OfAsync(app, ana);
        await theirs.OfAsync(app, ben);
        using var folder = new ScratchFolder();
        var bytes = Bytes.Of((2 * Mega) + 9);

        var offering = mine.RunAsync("--json", "offer", folder.Write("film.bin", bytes), "--to", ben.Username);
        var taken = (await theirs.RunAsync("--json", "receive", "-o", folder.File("got.bin"))).Succeeded();

        var given = (await offering).Succeeded();
        var (sent, got) = (Ended(given), Ended(taken));
        Assert.True((bool)got["verified"]!);

        // Both see the same numbers, and so that the server could not read it.
        Assert.Equal((string?)sent["fingerprint"], (string?)got["fingerprint"]);
        Assert.Matches("^[0-9]{5}( [0-9]{5}){7}$", (string?)got["fingerprint"]);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(folder.File("got.bin"), TestContext.Current.CancellationToken));
        Assert.Empty(mine.Noted("offers"));
    }

    [Fact]
    public async Task A_download_of_which_nothing_is_left_blocks_no_place_and_a_link_that_leads_nowhere_is_no_other_server()
    {
        var ana = await app.SignUpAsync("ana");
        var bytes = Bytes.Of(77);
        var id = await ana.SendFileAsync(null, bytes);
        using var machine = new Machine();
        await machine.OfAsync(app, ana);
        using var folder = new ScratchFolder();
        var target = folder.File("film.bin");
        DownloadNote.Of(machine.Place()).Write("0123456789abcdef", new DownloadNote { What = "another one", Path = target, Filename = "film.bin", StartedAt = TimeProvider.System.GetUtcNow() });
        Assert.Contains("gone", (await machine.RunAsync("status")).Succeeded().Out);

        (await machine.RunAsync("download", id.ToString(), "-o", target)).Succeeded();
        var nowhere = (await machine.RunAsync("download", new Uri(app.Address, "/s/nobodyknowsthis").ToString(), "-o", "-")).Failed(ExitCodes.NotThere);

        Assert.Equal(bytes, await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken));
        Assert.Empty(machine.Noted("downloads"));
        Assert.DoesNotContain("no Hypersend server", nowhere.Error);
    }

    [Fact]
    public async Task What_another_device_takes_over_keeps_what_came_here()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var id = await ana.OfferAsync(ben, 10);
        using var machine = new Machine();
        await machine.OfAsync(app, ben);
        using var folder = new ScratchFolder();

        var taking = machine.RunAsync("receive", id.ToString(), "-o", folder.Path + "/");
        while (!taking.IsCompleted)
        {
            await using var other = await app.RelayAsync(ben, "receiver", id);
            await Task.WhenAny(taking, other.Closed);
        }

        Assert.Contains("goes on", (await taking).Failed(ExitCodes.Failed).Error);
        Assert.True(File.Exists(folder.File("film.mkv.part")));
        Assert.Single(machine.Noted("downloads"));
    }

    private static JsonObject Ended(Outcome outcome) => JsonNode.Parse(outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!.AsObject();
}
