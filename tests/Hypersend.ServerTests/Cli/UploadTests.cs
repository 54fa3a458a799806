using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Cli;

public sealed class UploadTests(App app) : IClassFixture<App>
{
    private const int Mega = 1 << 20;
    private const int Lanes = 2;

    [Fact]
    public async Task After_kill_9_the_same_command_goes_on_and_sends_at_most_one_chunk_a_lane_again()
    {
        var ana = await app.SignUpAsync("ana");
        await using var proxy = new FaultProxy(app.Address.Host, app.Address.Port);
        using var machine = new Machine();
        await machine.ThroughAsync(proxy, ana);
        using var folder = new ScratchFolder();
        var bytes = Bytes.Of((8 * Mega) + 123);
        string[] words = ["upload", folder.Write("film.bin", bytes), "--to", "me", "--chunk-size", "1", "--lanes", "2", "--json"];
        var before = proxy.Asked;
        proxy.StallAfter(5 * Mega);

        using (var process = machine.Start(words))
        {
            await machine.BegunAsync(ana, 2 * Mega);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        proxy.CutAll();
        proxy.Resume();
        var lines = (await machine.RunAsync(words)).Succeeded().Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.InRange(lines[0].GetProperty("bytes").GetInt64(), 2 * Mega, 6 * Mega);
        Assert.Equal("done", lines[^1].GetProperty("event").GetString());
        Assert.InRange(proxy.Asked - before, bytes.Length, bytes.Length + (Lanes * Mega) + (Mega / 4));
        var file = Assert.Single((await ana.Files.ListAsync()).Items);
        Assert.Equal((FileStates.Ready, Bytes.Root(bytes)), (file.State, file.Sha256Root));
        Assert.Empty(machine.Noted("uploads"));
    }

    [Fact]
    public async Task After_Ctrl_C_a_file_that_has_changed_is_sent_anew_and_the_half_of_the_old_one_goes()
    {
        var ana = await app.SignUpAsync("ana");
        await using var proxy = new FaultProxy(app.Address.Host, app.Address.Port);
        using var machine = new Machine();
        await machine.ThroughAsync(proxy, ana);
        using var folder = new ScratchFolder();
        string[] words = ["upload", folder.Write("film.bin", Bytes.Of(6 * Mega)), "--to", "me", "--chunk-size", "1", "--lanes", "2"];
        proxy.StallAfter(4 * Mega);
        using var interruption = new CancellationTokenSource();
        var running = machine.RunAsync(Stream.Null, interruption.Token, words);
        await machine.BegunAsync(ana, Mega);
        await interruption.CancelAsync();
        Assert.Equal(ExitCodes.Interrupted, await running);
        proxy.CutAll();
        proxy.Resume();
        Assert.Contains("paused", (await machine.RunAsync("status")).Succeeded().Out);
        var bytes = Bytes.Of(3 * Mega, seed: 2);
        await File.WriteAllBytesAsync(words[1], bytes, TestContext.Current.CancellationToken);

        var outcome = (await machine.RunAsync(words)).Succeeded();

        Assert.Contains("changed", outcome.Error);
        var file = Assert.Single((await ana.Files.ListAsync()).Items, file => file.State == FileStates.Ready);
        Assert.Equal(bytes, await ana.FetchAsync(file.Id));
        Assert.DoesNotContain((await ana.Files.ListAsync()).Items, other => other.State == FileStates.Uploading);
        Assert.Empty(machine.Noted("uploads"));
    }

    [Fact]
    public async Task A_pipe_and_a_folder_arrive_as_they_are()
    {
        var ana = await app.SignUpAsync("ana");
        using var machine = new Machine();
        await machine.OfAsync(app, ana);
        using var folder = new ScratchFolder();
        folder.Write("photos/a.txt", "one"u8.ToArray());
        folder.Write("photos/sea/b.txt", "two"u8.ToArray());
        folder.Write("photos/empty", []);
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(number => $"row {number}\n"));

        var piped = (await machine.RunAsync(text, ["upload", "-", "--name", "dump.sql", "--to", "me"])).Succeeded();
        (await machine.RunAsync("upload", folder.File("photos"), "--to", "me")).Succeeded();
        Assert.Contains("--name", (await machine.RunAsync("x", ["upload", "-", "--to", "me"])).Failed(ExitCodes.WrongUsage).Error);
        Assert.Contains("nothing.txt", (await machine.RunAsync("upload", folder.File("nothing.txt"), "--to", "me")).Failed(ExitCodes.NotThere).Error);

        Assert.Equal(text, Encoding.UTF8.GetString(await ana.FetchAsync(IdOf(piped))));
        var files = (await ana.Files.ListAsync()).Items;
        Assert.Equal(["photos/a.txt", "photos/empty", "photos/sea/b.txt"], files.Where(file => file.Path is not null).Select(file => file.Path).Order(StringComparer.Ordinal));
        Assert.Equal("two", Encoding.UTF8.GetString(await ana.FetchAsync(files.Single(file => file.Filename == "b.txt").Id)));
    }

    [Fact]
    public async Task What_cannot_be_sent_of_a_folder_is_named_and_not_called_a_success()
    {
        var ana = await app.SignUpAsync("ana");
        using var machine = new Machine();
        await machine.OfAsync(app, ana);
        using var folder = new ScratchFolder();
        folder.Write("photos/back\\slash.txt", "one"u8.ToArray());
        Directory.CreateSymbolicLink(folder.File("photos/loop"), folder.Path);
        await ShellAsync($"touch '{folder.File("photos")}'/$'no\\xff\\xfe.bin'");

        var outcome = (await machine.RunAsync("upload", folder.File("photos"), "--to", "me")).Failed(ExitCodes.Failed);

        Assert.Contains("no UTF-8", outcome.Error);
        Assert.Contains("is a link to a folder", outcome.Error);
        Assert.Contains("left out (1)", outcome.Error);
        Assert.Equal("photos/back_slash.txt", Assert.Single((await ana.Files.ListAsync()).Items).Path);
        await ShellAsync($"rm -r '{folder.File("photos")}'");
    }

    private static async Task ShellAsync(string command)
    {
        using var shell = Process.Start("bash", ["-c", command]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
    }

    private static FileId IdOf(Outcome outcome) => new(Guid.Parse(outcome.Lines[^1].Split('\t')[0]));
}
