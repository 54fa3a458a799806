using System.Diagnostics;
using System.Globalization;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.FaultTests.Load;
using Hypersend.FaultTests.Processes;
using Hypersend.Sdk;

namespace Hypersend.FaultTests;

/// <summary>Fifty people have a thousand uploads open on one server with SQLite and a folder, each in the middle of a chunk.</summary>
public sealed class OpenUploadsTests(ITestOutputHelper output)
{
    private const int Each = 20;
    private const int Rounds = 5;
    private const int Messages = 500;
    private const int SignUpsAtOnce = 8;

    // 384 KiB are read ahead of a body when all come faster than the disk takes them, and before the collector has looked it is
    // up to twice that with all that belongs to its connection. It is the same in every round: nothing of one is left for the next.
    private const long MostPerLine = 1 << 20;

    [Fact]
    [Trait(Soak.Trait, Soak.Value)]
    public async Task They_cost_a_bounded_memory_that_does_not_grow_and_leave_nothing_behind()
    {
        await using var server = new ServerProcess(ServerProcess.Present, ["--RATE_LIMITS=off", "--PASSWORD_COST=4", "--LOG_LEVEL=warning", "--FREE_SPACE_FLOOR=0"]);
        await server.StartAsync();
        var people = new HypersendClient[Soak.Uploads / Each];
        await Parallel.ForEachAsync(Enumerable.Range(0, people.Length), new ParallelOptions { MaxDegreeOfParallelism = SignUpsAtOnce }, async (number, cancellation) =>
        {
            var name = "p" + number.ToString("d4", CultureInfo.InvariantCulture);
            people[number] = new HypersendClient(server.Address);
            await people[number].Accounts.RegisterAsync(new RegisterRequest { Username = name, Email = name + "@example.org", Password = "a long password of " + name }, cancellation);
        });
        var chat = (await people[0].Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Beside" })).Id;

        // What is loaded and compiled once is not what is measured.
        await ChatAsync(people[0], chat);
        await RoundAsync(server, people[..1], chat);
        var (before, quiet) = (Resident(server), await ChatAsync(people[0], chat));
        output.WriteLine($"{people.Length} people, quiet: {before >> 20} MiB resident, p99 of a message {quiet.TotalMilliseconds:F1} ms");
        var peaks = new List<long>();
        for (var round = 1; round <= Rounds; round++)
        {
            var (open, held, ended, p99) = await RoundAsync(server, people, chat);
            peaks.Add(held);
            output.WriteLine(
                $"round {round}: {open >> 20} MiB with {Soak.Uploads} open, {held >> 20} MiB with each in the middle of a chunk, {ended >> 20} MiB after their end; p99 of a message {p99.TotalMilliseconds:F1} ms");
        }

        foreach (var person in people)
            person.Dispose();
        Assert.InRange(peaks.Max() - before, long.MinValue, Soak.Uploads * MostPerLine);
        Assert.DoesNotContain("fail:", server.Said, StringComparison.Ordinal);
    }

    private static async Task<(long Open, long Held, long Ended, TimeSpan P99)> RoundAsync(ServerProcess server, HypersendClient[] people, ChatId chat)
    {
        var uploads = (await Task.WhenAll(people.Select(async person =>
        {
            var mine = new List<(HypersendClient Person, Upload Upload)>();
            for (var number = 0; number < Each; number++)
                mine.Add((person, await person.Files.InitAsync(new InitUploadRequest { Filename = "film.bin", Size = 3 * HeldLine.Chunk, ChunkSize = HeldLine.Chunk })));
            return mine;
        }))).SelectMany(mine => mine).ToList();
        var open = Resident(server);
        var lines = await Task.WhenAll(uploads.Select(one => HeldLine.OpenAsync(server.Address, one.Upload)));
        var p99 = await ChatAsync(people[0], chat);
        var held = Resident(server);

        // Half of them come to their end, and the others are cut off; then all is cancelled, half of it in the middle of a chunk.
        for (var number = 0; number < lines.Length; number += 2)
            Assert.StartsWith("HTTP/1.1 200 ", await lines[number].FinishAsync(), StringComparison.Ordinal);
        await Task.WhenAll(uploads.Select(one => one.Person.Files.DeleteAsync(one.Upload.UploadId)));
        foreach (var line in lines)
            line.Dispose();
        foreach (var person in people)
        {
            var usage = await person.Files.GetUsageAsync();
            Assert.Equal((0, 0), (usage.UsedBytes, usage.Files));
        }

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.DataRoot, "blobs", "files"), "*", SearchOption.AllDirectories));
        return (open, held, Resident(server), p99);
    }

    private static async Task<TimeSpan> ChatAsync(HypersendClient person, ChatId chat)
    {
        var took = new List<TimeSpan>();
        for (var number = 0; number < Messages; number++)
        {
            var watch = Stopwatch.StartNew();
            await person.Messages.SendAsync(new SendMessageRequest { ChatId = chat, Content = "beside" });
            took.Add(watch.Elapsed);
        }

        took.Sort();
        return took[Messages * 99 / 100];
    }

    private static long Resident(ServerProcess server)
    {
        using var process = Process.GetProcessById(server.Id);
        return process.WorkingSet64;
    }
}
