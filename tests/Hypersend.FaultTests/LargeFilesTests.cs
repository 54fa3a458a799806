using System.Diagnostics;
using System.Globalization;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.FaultTests.Histories;
using Hypersend.FaultTests.Load;
using Hypersend.FaultTests.Processes;
using Hypersend.Sdk.Files;

namespace Hypersend.FaultTests;

/// <summary>
/// One large file whose chunks go to three nodes in turn, of which one is killed in the middle and comes back; then its ranges come
/// from all of them, and every byte is the one that was sent.
/// </summary>
public sealed class LargeFilesTests(ITestOutputHelper output)
{
    private const int Nodes = 3;
    private const int Lanes = 4;
    private const long Range = 64 << 20;

    // The disk may not be full when the file is there: who writes messages needs some of it.
    private const long Spare = 4L << 30;

    private static readonly TransferOptions Options = new() { Lanes = Lanes, FirstRetry = TimeSpan.FromMilliseconds(50), LongestRetry = TimeSpan.FromSeconds(1) };

    [Fact]
    [Trait(Soak.Trait, Soak.Value)]
    public Task Through_three_nodes_into_a_bucket() => CarryAsync("a bucket", Soak.Bytes ?? 8L << 30, () => Cluster.StartAsync(Nodes));

    [Fact]
    [Trait(Soak.Trait, Soak.Value)]
    public Task Through_three_nodes_into_a_folder_they_share() => CarryAsync("a shared folder", Soak.Bytes ?? 40L << 30, () => Cluster.StartOnFolderAsync(Nodes));

    private async Task CarryAsync(string where, long size, Func<Task<Cluster>> start)
    {
        var room = new DriveInfo(Path.GetTempPath()).AvailableFreeSpace;
        Assert.SkipWhen(room < size + Spare, $"{size >> 30} GiB and {Spare >> 30} more are not free where scratch files go, only {room >> 30}: SOAK_BYTES takes less");
        await using var cluster = await start();
        var balancer = new Balancer([.. cluster.Nodes.Select(node => node.Address)]);
        using var member = await Member.SignUpAsync(balancer, new HistoryRecorder(), "large");
        var bytes = new Repetition();

        var watch = Stopwatch.StartNew();
        var file = await SendAsync(member, bytes, size, cluster.Nodes[0]);
        var up = watch.Elapsed;
        watch.Restart();
        await CompareAsync(member, file, bytes, size);
        var down = watch.Elapsed;
        output.WriteLine(
            $"{size >> 20} MiB through {Nodes} nodes into {where}, one killed in the middle: up {Speed(size, up)}, down {Speed(size, down)}, every byte compared; "
            + $"the most memory of a node {cluster.Nodes.Max(node => node.MostMemory) >> 20} MiB");
    }

    private static async Task<FileId> SendAsync(Member member, Repetition bytes, long size, ServerProcess killed)
    {
        await using var stream = bytes.Open(size);
        using var source = UploadSource.OfStream(stream, size);
        var upload = member.Client.Files.Upload(source, new InitUploadRequest { Filename = "large.bin", Size = size, Mime = "application/octet-stream" }, Options);
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upload.Progressed += progress =>
        {
            if (progress.Bytes >= size / 2)
                half.TrySetResult();
        };
        var running = upload.RunAsync(CancellationToken.None);
        await await Task.WhenAny(half.Task, running);
        Assert.False(running.IsCompleted, "It was over before half of it was seen.");
        await killed.KillAsync();
        await killed.StartAsync();
        var done = await running;
        Assert.Equal(FileStates.Ready, (await member.Client.Files.GetAsync(done.FileId)).State);
        return done.FileId;
    }

    // In ranges, so that every node gives some of it.
    private static Task CompareAsync(Member member, FileId file, Repetition bytes, long size) => Parallel.ForEachAsync(
        Enumerable.Range(0, (int)((size + Range - 1) / Range)),
        new ParallelOptions { MaxDegreeOfParallelism = Lanes },
        async (number, cancellation) =>
        {
            var (at, end) = (number * Range, Math.Min(size, (number + 1) * Range));
            await using var opened = await member.Client.Files.OpenAsync(file, at, end - 1, cancellation: cancellation);
            Assert.Equal((at, size), (opened.From, opened.Size));
            var piece = new byte[1 << 20];
            for (int read; (read = await opened.Stream.ReadAsync(piece, cancellation)) > 0; at += read)
                Assert.True(bytes.IsAt(at, piece.AsSpan(0, read)), string.Create(CultureInfo.InvariantCulture, $"Other bytes than were sent, in the {read} from {at} on."));
            Assert.Equal(end, at);
        });

    private static string Speed(long size, TimeSpan took) => string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:F1} s ({size / took.TotalSeconds / 1e6:F0} MB/s)");
}
