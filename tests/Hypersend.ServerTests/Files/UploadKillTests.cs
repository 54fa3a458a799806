using System.Collections.Concurrent;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk;
using Hypersend.Sdk.Files;
using Hypersend.ServerTests.Faults;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Files;

/// <summary>The server is killed with SIGKILL in the middle of an upload.</summary>
public sealed class UploadKillTests(ITestOutputHelper output)
{
    private const int Chunk = FileCalls.Chunk;
    private const int Chunks = 96;
    private const int Kills = 3;

    [Fact]
    public async Task An_upload_goes_on_after_kill_9_with_every_chunk_that_was_acknowledged()
    {
        await using var server = await ServerChild.StartAsync();
        using var ana = await server.SignUpAsync("ana");
        var bytes = FileCalls.Bytes((Chunks * Chunk) - 77);
        var upload = await ana.Files.InitAsync(new InitUploadRequest { Filename = "film.mkv", Size = bytes.Length, ChunkSize = Chunk });
        var acknowledged = new ConcurrentDictionary<int, bool>();

        for (var kill = 1; kill <= Kills; kill++)
        {
            var enough = acknowledged.Count + (Chunks / (Kills + 1));
            var lanes = Enumerable.Range(0, 4).Select(lane => SendAsync(ana, upload.UploadId, bytes, acknowledged, lane)).ToList();
            using (var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1)))
            {
                while (acknowledged.Count < enough)
                    await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }

            await server.KillAsync();
            await Task.WhenAll(lanes);
            await server.StartAgainAsync();

            var there = (await ana.Files.GetStatusAsync(upload.UploadId)).Received.SelectMany(range => Enumerable.Range(range[0], range[1] - range[0] + 1)).ToHashSet();
            Assert.Empty(acknowledged.Keys.Except(there));
            Assert.InRange(there.Count, acknowledged.Count, acknowledged.Count + 4);
        }

        using var folder = new ScratchFolder();
        await File.WriteAllBytesAsync(folder.File("film.mkv"), bytes, TestContext.Current.CancellationToken);
        using var source = UploadSource.OfFile(folder.File("film.mkv"));
        var done = await ana.Files.Resume(source, upload.UploadId, upload.UploadToken).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(FileCalls.RootOf(bytes.Chunk(Chunk)), done.Sha256Root);
        var path = Directory.GetFiles(server.DataRoot, upload.FileId.ToString(), SearchOption.AllDirectories).Single();
        var stored = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Assert.True(bytes.SequenceEqual(stored));
        output.WriteLine($"{Kills} kills in {Chunks} chunks: {acknowledged.Count} acknowledged before the last one, 0 of them missing, equal bytes");
    }

    [Fact]
    public async Task The_sdk_carries_a_file_through_a_kill_by_itself()
    {
        await using var server = await ServerChild.StartAsync();
        using var ana = await server.SignUpAsync("ana");
        var bytes = FileCalls.Bytes(Chunks * Chunk);
        using var folder = new ScratchFolder();
        await File.WriteAllBytesAsync(folder.File("film.mkv"), bytes, TestContext.Current.CancellationToken);
        using var source = UploadSource.OfFile(folder.File("film.mkv"));
        var options = new TransferOptions { FirstRetry = TimeSpan.FromMilliseconds(50), LongestRetry = TimeSpan.FromSeconds(1) };
        var upload = ana.Files.Upload(source, new InitUploadRequest { Filename = "film.mkv", ChunkSize = Chunk }, options);
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upload.Progressed += progress =>
        {
            if (progress.Chunks > Chunks / 4)
                half.TrySetResult();
        };

        var running = upload.RunAsync(TestContext.Current.CancellationToken);
        await await Task.WhenAny(half.Task, running);
        await server.KillAsync();
        await server.StartAgainAsync();

        Assert.Equal(FileCalls.RootOf(bytes.Chunk(Chunk)), (await running).Sha256Root);
    }

    /// <summary>One lane of a client that knows nothing of retries.</summary>
    private static async Task SendAsync(HypersendClient ana, FileId id, byte[] bytes, ConcurrentDictionary<int, bool> acknowledged, int lane)
    {
        try
        {
            for (var index = lane; index < Chunks; index += 4)
            {
                if (acknowledged.ContainsKey(index))
                    continue;
                await ana.Files.SendChunkAsync(id, index, bytes.AsMemory(index * Chunk, Math.Min(Chunk, bytes.Length - (index * Chunk))));
                acknowledged[index] = true;
            }
        }
        catch (HttpRequestException)
        {
            // The server is gone: what was acknowledged until now is what has to be there.
        }
    }
}
