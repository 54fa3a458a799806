using Hypersend.Cli.Start;
using Hypersend.Contracts.Files;
using Hypersend.EngineSpecs.Engines;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Cli;

/// <summary>The built program as a process of its own, and somebody at its keyboard.</summary>
public sealed class InterruptionTests(App app) : IClassFixture<App>
{
    private const int Mega = 1 << 20;

    [Fact]
    public async Task Ctrl_C_stops_an_upload_with_what_to_do_and_the_same_command_goes_on()
    {
        var ana = await app.SignUpAsync("ana");
        await using var proxy = new FaultProxy(app.Address.Host, app.Address.Port);
        using var machine = new Machine();
        await machine.ThroughAsync(proxy, ana);
        using var folder = new ScratchFolder();
        var bytes = Bytes.Of((6 * Mega) + 3);
        string[] words = ["upload", folder.Write("film.bin", bytes), "--to", "me", "--chunk-size", "1", "--lanes", "2"];
        proxy.StallAfter(4 * Mega);

        using var process = machine.Start(words);
        var kept = (await machine.BegunAsync(ana, 2 * Mega)).ReceivedBytes;
        await process.SignalAsync("INT");
        var stopped = (await process.EndedAsync()).Failed(ExitCodes.Interrupted);

        Assert.Contains("The same command goes on from there.", stopped.Error);
        proxy.CutAll();
        proxy.Resume();
        var before = proxy.Asked;
        (await machine.RunAsync(words)).Succeeded();
        Assert.InRange(proxy.Asked - before, 0, bytes.Length - kept + (Mega / 2));
        var file = Assert.Single((await ana.Files.ListAsync()).Items);
        Assert.Equal((FileStates.Ready, Bytes.Root(bytes)), (file.State, file.Sha256Root));
    }

    [Fact]
    public async Task The_second_Ctrl_C_waits_for_nothing()
    {
        var ana = await app.SignUpAsync("ana");
        await using var proxy = new FaultProxy(app.Address.Host, app.Address.Port);
        using var machine = new Machine();
        await machine.ThroughAsync(proxy, ana);

        // What came through a pipe is given up on the server first, which does not answer.
        using var process = machine.Start("upload", "-", "--name", "dump.sql", "--to", "me", "--json");
        Assert.Contains("begun", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        proxy.Stall();
        await process.SignalAsync("INT", "TERM");
        var ended = await process.EndedAsync();

        Assert.Contains(ended.Code, (int[])[ExitCodes.Interrupted, ExitCodes.Terminated]);
        Assert.Equal("", ended.Error);
        Assert.DoesNotContain((await ana.Files.ListAsync()).Items, file => file.State == FileStates.Ready);
    }

    [Fact]
    public async Task Ctrl_C_ends_an_output_that_nobody_reads()
    {
        var ana = await app.SignUpAsync("ana");
        var id = await ana.SendFileAsync(null, Bytes.Of(2 * Mega));
        using var machine = new Machine();
        await machine.OfAsync(app, ana);

        using var process = machine.Start("download", id.ToString(), "-o", "-");
        Assert.Equal(1, await process.StandardOutput.BaseStream.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        await process.SignalAsync("INT");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Interrupted, process.ExitCode);
    }
}
