using System.Diagnostics;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Problems;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Files;

/// <summary>The disk fills up in the middle of an upload.</summary>
[Collection(nameof(Alone))]
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const int Chunk = FileCalls.Chunk;

    [Fact]
    public async Task A_store_that_is_full_now_and_then_keeps_what_it_acknowledged()
    {
        var (dice, gate, isFull) = (new Fixture.Dice(7), new Lock(), false);
        await using var app = await App.StartWithAsync(MoodyBlobs.With(() =>
        {
            lock (gate)
            {
                if (isFull && dice.OneIn(6))
                    throw new StorageFullException(new IOException("The test says so."));
            }
        }));
        var ana = await app.SignUpAsync("ana");
        byte[][] chunks = [.. Enumerable.Range(0, 24).Select(_ => FileCalls.Bytes(Chunk))];
        var upload = await ana.BeginAsync(chunks.Length * Chunk);
        isFull = true;

        var refused = 0;
        await Parallel.ForAsync(0, chunks.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (index, _) =>
        {
            while (true)
            {
                using var answer = await ana.PutChunkAsync(upload.UploadId, index, chunks[index]);
                if (answer.IsSuccessStatusCode)
                    return;
                Assert.Equal(507, (int)answer.StatusCode);
                Interlocked.Increment(ref refused);
            }
        });

        Assert.True(refused > 0);
        isFull = false;
        Assert.Equal(FileCalls.RootOf(chunks), (await ana.Files.CompleteAsync(upload.UploadId)).Sha256Root);
        var stored = await app.StoredAsync(upload.FileId);
        Assert.True(chunks.SelectMany(chunk => chunk).SequenceEqual(stored));
        await FileBooks.CheckAsync(app);
    }

    /// <summary>A file system of 64 MB of its own, where the system lets one be made.</summary>
    [Fact]
    public async Task A_disk_that_is_really_full_is_told_and_memory_stays_flat()
    {
        using var folder = new ScratchFolder();
        var disk = Directory.CreateDirectory(folder.File("disk")).FullName;
        if (!await RunAsync("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk))
            Assert.Skip("A file system of its own cannot be mounted here.");
        try
        {
            await using var app = await App.StartAsync($"--STORAGE_URL=file:{disk}", "--FREE_SPACE_FLOOR=0");
            var ana = await app.SignUpAsync("ana");
            await ana.BeginAsync(100 * Chunk).RefusedAsync(507, ErrorCodes.InsufficientStorage);

            // Its space was promised, and somebody else took it: nothing can be refused before the disk is full.
            var upload = await ana.Files.InitAsync(new() { Filename = "a", Size = 48 << 20, ChunkSize = 16 << 20 });
            await FillAsync(disk, 40 << 20);
            var bytes = FileCalls.Bytes(upload.ChunkSize);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await ana.Files.SendChunkAsync(upload.UploadId, 1, bytes);
            for (var time = 0; time < 5; time++)
                await ana.PutChunkAsync(upload.UploadId, 0, bytes).RefusedAsync(507, ErrorCodes.StorageFull);

            var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
            output.WriteLine($"a tmpfs of 64 MB: 5 chunks of 16 MiB were refused, memory grew by {grown / 1024} KiB");
            Assert.InRange(grown, long.MinValue, 16 << 20);
            var received = (await ana.Files.GetStatusAsync(upload.UploadId)).Received;
            Assert.Equal([1, 1], Assert.Single(received));
            var stored = await app.StoredAsync(upload.FileId);
            Assert.True(stored.AsSpan().SequenceEqual(bytes));

            // What came of the refused ones is given back.
            await FillAsync(disk, 46 << 20);

            // There is room again: it goes on.
            File.Delete(Path.Combine(disk, "ballast"));
            await ana.PutChunkAsync(upload.UploadId, 0, bytes).AnsweredAsync(200);
            await ana.Files.DeleteAsync(upload.UploadId);
            await FileBooks.CheckAsync(app);
            await FileBooks.NoOrphanAsync(app);
        }
        finally
        {
            await RunAsync("umount", disk);
        }
    }

    private static async Task FillAsync(string disk, int bytes) => await File.WriteAllBytesAsync(Path.Combine(disk, "ballast"), new byte[bytes]);

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var run = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            await run.WaitForExitAsync();
            return run.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program here.
            return false;
        }
    }
}
