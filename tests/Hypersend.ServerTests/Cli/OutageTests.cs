using Hypersend.Contracts.Files;
using Hypersend.EngineSpecs.Engines;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Cli;

/// <summary>What a command that runs for hours lives through by itself.</summary>
public sealed class OutageTests
{
    private const int Mega = 1 << 20;

    [Fact]
    public async Task A_server_that_starts_again_in_the_middle_of_an_upload_is_waited_for()
    {
        await using var app = await App.StartAsync();
        var ana = await app.SignUpAsync("ana");
        await using var proxy = new FaultProxy(app.Address.Host, app.Address.Port);
        using var machine = new Machine();
        await machine.ThroughAsync(proxy, ana);
        using var folder = new ScratchFolder();
        var bytes = Bytes.Of((6 * Mega) + 5);
        proxy.StallAfter(4 * Mega);

        using var process = machine.Start("upload", folder.Write("film.bin", bytes), "--to", "me", "--chunk-size", "1", "--lanes", "2", "--json");
        await machine.BegunAsync(ana, 2 * Mega);
        proxy.IsAway = true;
        proxy.CutAll();
        await app.RestartAsync();
        proxy.IsAway = false;
        proxy.Resume();
        var outcome = (await process.EndedAsync()).Succeeded();

        Assert.Contains("\"waiting\"", outcome.Out);
        var file = Assert.Single((await ana.Files.ListAsync()).Items);
        Assert.Equal((FileStates.Ready, Bytes.Root(bytes)), (file.State, file.Sha256Root));
    }

    [Fact]
    public async Task A_sign_in_that_ends_in_the_middle_is_renewed()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock, "--UPLOAD_SESSION_HOURS=1");
        var ana = await app.SignUpAsync("ana");
        await using var proxy = new FaultProxy(app.Address.Host, app.Address.Port);
        using var machine = new Machine();
        await machine.ThroughAsync(proxy, ana);
        using var folder = new ScratchFolder();
        var bytes = Bytes.Of((8 * Mega) + 1);
        proxy.StallAfter(3 * Mega);

        // The upload lives as long as chunks come; its token, and the sign-in, end meanwhile.
        using var uploading = machine.Start("upload", folder.Write("film.bin", bytes), "--to", "me", "--chunk-size", "1", "--lanes", "1");
        await machine.BegunAsync(ana, 2 * Mega);
        clock.Advance(TimeSpan.FromMinutes(40));
        await ana.Files.SendChunkAsync(machine.UploadNoted()!.Value, 8, bytes.AsMemory(8 * Mega));
        clock.Advance(TimeSpan.FromMinutes(40));
        proxy.Resume();
        var sent = (await uploading.EndedAsync()).Succeeded();

        proxy.StallAfter(4 * Mega, answers: true);
        var target = folder.File("got.bin");
        using var downloading = machine.Start("download", sent.Lines[^1].Split('\t')[0], "-o", target, "--lanes", "1");
        await FilesHere.GrownAsync(target + ".part.chunks", 140);
        clock.Advance(TimeSpan.FromMinutes(40));
        proxy.Resume();
        (await downloading.EndedAsync()).Succeeded();

        Assert.Equal(bytes, await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken));
    }
}
