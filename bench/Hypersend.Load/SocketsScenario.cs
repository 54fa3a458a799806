using System.Diagnostics;
using System.Globalization;
using Hypersend.Load.Peers;
using Hypersend.Load.Sockets;

namespace Hypersend.Load;

/// <summary>What a socket costs that nobody writes to: 10,000 people in one room, each with an account and a socket, beside SignalR.</summary>
internal static class SocketsScenario
{
    private const int Usual = 10_000;
    private const int Few = 1_000;
    private const int Rounds = 3;
    private const int Warm = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var count = options.Quick ? Few : Usual;
        OpenFiles.Need(count + 1_000);
        var folder = Directory.CreateTempSubdirectory("hypersend-bench-").FullName;
        try
        {
            Crowd crowd;
            await using (var server = await ServerProcess.StartAsync(options, folder, "--RATE_LIMITS=off"))
                (crowd, _) = await Room.FillAsync(server, count);

            var (ours, theirs) = (new List<Cost>(), new List<Cost>());
            for (var round = 0; round < Math.Min(Rounds, options.Rounds); round++)
            {
                await using (var server = await ServerProcess.StartAsync(options, folder, "--RATE_LIMITS=off"))
                    ours.Add(await MeasureAsync(options, new HypersendDialect(crowd.Tokens), server.Url, server.ProcessId, server.Resident, () => HeapAsync(server), count));
                await using (var peer = await Peer.StartSignalRAsync(options, serverCollector: false))
                    theirs.Add(await MeasureAsync(options, new SignalRDialect(), peer.Url, peer.Id, peer.Resident, () => HeapAsync(peer), count));
            }

            var (us, them) = (Cost.Median(ours), Cost.Median(theirs));
            report.Add(new Row($"resident memory for an idle socket, {count:#,0} sockets", Kib(us.Resident))
            {
                Peer = "SignalR " + Kib(them.Resident),
                Ratio = $"{us.Resident / them.Resident:0.00}x",
                Must = "<= 12 KiB and <= 0.45x",
                Aim = "10 KiB",
                Remark = $"all of them connected in {us.OpenedIn.TotalSeconds:0.0} s (SignalR {them.OpenedIn.TotalSeconds:0.0} s), hello included",
            });
            report.Add(new Row($"managed heap for an idle socket, {count:#,0} sockets", Kib(us.Heap))
            {
                Peer = "SignalR " + Kib(them.Heap),
                Ratio = $"{us.Heap / them.Heap:0.00}x",
                Remark = "after a full collection",
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Cost> MeasureAsync(
        RunOptions options, Dialect dialect, Uri url, int processId, Func<long> resident, Func<Task<double>> heap, int count)
    {
        // What the first sockets cost is code and caches, not sockets.
        using (var warm = new SocketLoop())
            warm.Open(dialect, url.Port, Math.Min(Warm, count), Patience);
        using var loop = new SocketLoop();
        Settle(loop, options.Length(5));
        await Collector.CollectAsync(processId);
        var (residentBefore, heapBefore) = (resident(), await heap());

        var began = Stopwatch.GetTimestamp();
        loop.Open(dialect, url.Port, count, Patience);
        var openedIn = Stopwatch.GetElapsedTime(began);
        Settle(loop, options.Length(15));
        var residentAfter = resident();
        await Collector.CollectAsync(processId);
        return new Cost((residentAfter - residentBefore) / (double)count, (await heap() - heapBefore) / count, openedIn);
    }

    private static void Settle(SocketLoop loop, TimeSpan length)
    {
        var began = Stopwatch.GetTimestamp();
        loop.Run(() => Stopwatch.GetElapsedTime(began) >= length, Patience);
    }

    private static async Task<double> HeapAsync(ServerProcess server)
    {
        var text = await server.Http.GetStringAsync("/metrics");
        return Metrics.Sum(text, "dotnet_gc_last_collection_heap_size_bytes") - Metrics.Sum(text, "dotnet_gc_last_collection_heap_fragmentation_size_bytes");
    }

    private static async Task<double> HeapAsync(ChildProcess peer)
    {
        using var http = new HttpClient { BaseAddress = peer.Url };
        return double.Parse(await http.GetStringAsync("/heap"), CultureInfo.InvariantCulture);
    }

    private static string Kib(double bytes) => $"{Report.Number(bytes / 1024)} KiB";

    /// <summary>Bytes for each socket.</summary>
    private sealed record Cost(double Resident, double Heap, TimeSpan OpenedIn)
    {
        public static Cost Median(IReadOnlyCollection<Cost> costs) => new(
            Report.Median([.. costs.Select(cost => cost.Resident)]),
            Report.Median([.. costs.Select(cost => cost.Heap)]),
            TimeSpan.FromSeconds(Report.Median([.. costs.Select(cost => cost.OpenedIn.TotalSeconds)])));
    }
}
