using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Blobs.Disk;
using Hypersend.Server.Features.Files;
using Microsoft.Win32.SafeHandles;

namespace Hypersend.Load.Blobs;

/// <summary>
/// Four writers of one file, 8 MiB a part, each part on the disk before the next one begins; no hash and no network. The
/// folder engine beside itself with one thing changed, and beside the bare system calls with a flush of its own for each part.
/// </summary>
internal static class BlobsScenario
{
    private const int Writers = 4;
    private const int PartLength = 8 * 1024 * 1024;
    private const int Piece = 256 * 1024;
    private const int PushEvery = 2 * 1024 * 1024;
    private const int PartsEach = 12;
    private const int QuickPartsEach = 4;

    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(PartLength);

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var parts = Writers * (options.Quick ? QuickPartsEach : PartsEach);
        (string Name, Func<string, int, Task> Run)[] ways =
        [
            ("the folder engine", (folder, count) => StoreAsync(folder, count, new DiskCalls())),
            ("without early write-back", (folder, count) => StoreAsync(folder, count, new LateCalls())),
            ("with fsync", (folder, count) => StoreAsync(folder, count, new FsyncCalls())),
            ("bare calls, early write-back, a flush each", (folder, count) => BareAsync(folder, count, new DiskCalls())),
            ("bare calls, a flush each", (folder, count) => BareAsync(folder, count, new LateCalls())),
        ];
        var rates = ways.ToDictionary(way => way.Name, _ => new List<double>());
        // The first touch of memory and of the file system's journal is not what is measured.
        await MeasureAsync(ways[0].Run, parts);
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var (name, run) in round % 2 == 0 ? ways : ways.Reverse())
                rates[name].Add(await MeasureAsync(run, parts));
        }

        var ours = Report.Median(rates[ways[0].Name]);
        report.Add(new Row($"{ways[0].Name}, MB/s", Report.Number(ours)) { Remark = Spread(rates[ways[0].Name]) });
        foreach (var (name, _) in ways.Skip(1))
        {
            var other = Report.Median(rates[name]);
            report.Add(new Row($"{name}, MB/s", Report.Number(other))
            {
                Peer = $"the folder engine {Report.Number(ours)}",
                Ratio = $"{ours / other:0.00}x",
                Remark = Spread(rates[name]),
            });
        }
    }

    private static string Spread(List<double> rates) => $"{Report.Number(rates.Min())} to {Report.Number(rates.Max())}";

    private static async Task<double> MeasureAsync(Func<string, int, Task> run, int parts)
    {
        var folder = Directory.CreateTempSubdirectory("hypersend-bench-").FullName;
        var began = Stopwatch.GetTimestamp();
        await run(folder, parts);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Directory.Delete(folder, recursive: true);
        return (double)parts * PartLength / 1e6 / seconds;
    }

    private static async Task StoreAsync(string folder, int parts, DiskCalls calls)
    {
        using var store = new DiskBlobStore(folder, TimeProvider.System, calls);
        var file = new FileId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        await store.CreateAsync(file, CancellationToken.None);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var index && index < parts)
            {
                await using var write = await store.WriteAsync(file, new BlobPlace(index, (long)index * PartLength, PartLength), CancellationToken.None);
                for (var at = 0; at < PartLength; at += Piece)
                    await write.WriteAsync(new ReadOnlySequence<byte>(Bytes, at, Piece), CancellationToken.None);
                await write.FinishAsync(CancellationToken.None);
            }
        })));
    }

    private static async Task BareAsync(string folder, int parts, DiskCalls calls)
    {
        using var file = File.OpenHandle(Path.Combine(folder, "bare"), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (Interlocked.Increment(ref next) is var index && index < parts)
                {
                    var offset = (long)index * PartLength;
                    for (var at = 0; at < PartLength; at += Piece)
                    {
                        RandomAccess.Write(file, Bytes.AsSpan(at, Piece), offset + at);
                        if ((at + Piece) % PushEvery == 0)
                            calls.PushOut(file, offset + at + Piece - PushEvery, PushEvery);
                    }

                    calls.Flush(file);
                }
            },
            TaskCreationOptions.LongRunning)));
    }

    private sealed class LateCalls : DiskCalls
    {
        public override void PushOut(SafeFileHandle file, long offset, long length)
        {
        }
    }

    private sealed class FsyncCalls : DiskCalls
    {
        public override void Flush(SafeFileHandle file) => RandomAccess.FlushToDisk(file);
    }
}
