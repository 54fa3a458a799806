using System.Diagnostics;
using System.Text.Json.Nodes;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Cli;

/// <summary>What the tests of files on the command line do, by its intent.</summary>
internal static class FilesHere
{
    /// <summary>Signs in through the proxy: everything that the machine says goes through it.</summary>
    public static async Task<Machine> ThroughAsync(this Machine machine, FaultProxy proxy, Person person)
    {
        (await machine.RunAsync(person.Password + "\n", ["login", $"http://127.0.0.1:{proxy.Port}", "--user", person.Username, "--password-stdin"])).Succeeded();
        return machine;
    }

    /// <summary>Runs the built program as a process of its own, which the test ends.</summary>
    public static Process Start(this Machine machine, params string[] words)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "hypersend"), words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["XDG_CONFIG_HOME"] = Path.GetDirectoryName(machine.Folder);
        return Process.Start(start)!;
    }

    /// <summary>Waits until it has ended, and what it said.</summary>
    public static async Task<Outcome> EndedAsync(this Process process)
    {
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Outcome(process.ExitCode, await output, await errors);
    }

    /// <summary>Sends it signals, one right after the other.</summary>
    public static async Task SignalAsync(this Process process, params string[] signals)
    {
        using var shell = Process.Start("bash", ["-c", string.Join("; ", signals.Select(signal => $"kill -{signal} {process.Id}"))]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The upload that this machine has begun, when the server has so many bytes of it.</summary>
    public static async Task<UploadStatus> BegunAsync(this Machine machine, Person person, long bytes)
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            if (machine.UploadNoted() is { } upload && await person.Files.GetStatusAsync(upload) is var status && status.ReceivedBytes >= bytes)
                return status;
            await NextLookAsync(began);
        }
    }

    public static string[] Noted(this Machine machine, string kind)
    {
        var folder = Path.Combine(machine.Folder, kind);
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
    }

    public static async Task GrownAsync(string path, long length)
    {
        for (var began = Stopwatch.GetTimestamp(); !File.Exists(path) || new FileInfo(path).Length < length;)
            await NextLookAsync(began);
    }

    /// <summary>The files of a chat, when there are so many and all of them are ready.</summary>
    public static async Task<IReadOnlyList<SharedFile>> ReadyAsync(this Person person, ChatId chat, int count)
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            var files = (await person.Files.ListOfChatAsync(chat)).Items;
            if (files.Count(file => file.State == FileStates.Ready) >= count)
                return files;
            await NextLookAsync(began);
        }
    }

    public static async Task<byte[]> FetchAsync(this Person person, FileId id)
    {
        await using var opened = await person.Files.OpenAsync(id);
        using var whole = new MemoryStream();
        await opened.Stream.CopyToAsync(whole, TestContext.Current.CancellationToken);
        return whole.ToArray();
    }

    public static string Write(this Hypersend.Tests.ScratchFolder folder, string name, byte[] bytes)
    {
        var path = folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>The one upload that this machine has begun; null while the server has not answered.</summary>
    public static FileId? UploadNoted(this Machine machine) =>
        machine.Noted("uploads") is [var path] && (string?)JsonNode.Parse(File.ReadAllText(path))!["upload_id"] is { } id ? new FileId(Guid.Parse(id)) : null;

    // The program may have ended for a reason that nobody expected: then it never comes to that.
    private static Task NextLookAsync(long began) =>
        Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(2)
            ? Task.Delay(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken)
            : throw new TimeoutException("It did not come to that within two minutes.");
}
