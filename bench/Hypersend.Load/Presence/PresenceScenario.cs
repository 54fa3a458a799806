using System.Diagnostics;
using System.Globalization;
using Hypersend.Load.Sockets;

namespace Hypersend.Load.Presence;

/// <summary>
/// What it costs to say who is here when everybody comes at once: ten thousand people in groups of twenty open their sockets, and each
/// watches their group; beside the same sockets that watch nobody.
/// </summary>
internal static class PresenceScenario
{
    private const int Usual = 10_000;
    private const int Few = 1_000;
    private const int Circle = 20;
    private const int Warm = 2_000;
    private const int Rounds = 5;

    private const string Compiler = ".NET Tiered Com";
    private const string Reader = "sqlite-read";

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
            {
                await server.SignUpAsync("admin");
                crowd = await Crowd.GatherAsync(server, count);
                await Parallel.ForEachAsync(Enumerable.Range(0, count / Circle), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (group, _) =>
                    await Room.MakeAsync(server, crowd.Tokens[group * Circle], $$$"""{"type":"group","name":"Circle","member_ids":[{{{Ids(crowd, group * Circle)}}}]}"""));
            }

            var (blind, watching) = (new List<Cost>(), new List<Cost>());
            for (var round = 0; round < Math.Min(Rounds, options.Rounds); round++)
            {
                blind.Add(await MeasureAsync(options, folder, crowd, count, watches: false));
                watching.Add(await MeasureAsync(options, folder, crowd, count, watches: true));
            }

            var (without, with) = (Median(blind, cost => cost.Seconds), Median(watching, cost => cost.Seconds));
            var reading = Median(watching, cost => cost.Reading) - Median(blind, cost => cost.Reading);
            report.Add(new Row($"processor time of presence, {count:#,0} people coming at once, each watching {Circle}", Seconds(with - without))
            {
                Must = "< 1 s",
                Remark = $"{Seconds(with)} with their sockets and hello, {Seconds(without)} without watching; "
                    + $"{Seconds(reading)} to read who knows whom; {Median(watching, cost => cost.Kib - blind[0].Kib):0} KiB of events; without the compiler's thread",
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Cost> MeasureAsync(RunOptions options, string folder, Crowd crowd, int count, bool watches)
    {
        await using var server = await ServerProcess.StartAsync(options, folder, "--RATE_LIMITS=off");
        var dialect = new HypersendDialect(crowd.Tokens, watches ? person => Greeting(crowd, person / Circle * Circle) : null);

        // What the first sockets cost is code, not people.
        using (var warm = new SocketLoop())
        {
            warm.Open(dialect, server.Url.Port, Math.Min(Warm, count), Patience);
            Settle(warm, options.Length(10));
        }

        using var loop = new SocketLoop();
        var before = ThreadTimes.Of(server.ProcessId);
        loop.Open(dialect, server.Url.Port, count, Patience);
        Settle(loop, options.Length(10));
        var after = ThreadTimes.Of(server.ProcessId);
        var worked = after.ToDictionary(thread => thread.Key, thread => thread.Value - before.GetValueOrDefault(thread.Key));

        // Making code faster goes on for a while after the warm-up, now in this round and now in the other.
        worked.Remove(Compiler);
        return new Cost(worked.Values.Sum(), worked.Where(thread => thread.Key.StartsWith(Reader, StringComparison.Ordinal)).Sum(thread => thread.Value), loop.ReceivedBytes / 1024d);
    }

    private static void Settle(SocketLoop loop, TimeSpan length)
    {
        var began = Stopwatch.GetTimestamp();
        loop.Run(() => Stopwatch.GetElapsedTime(began) >= length, Patience);
    }

    private static string Greeting(Crowd crowd, int first) =>
        $$$"""[{"type":"hello","cursors":{}},{"type":"presence.watch","user_ids":[{{{Ids(crowd, first)}}}]}]""";

    private static string Ids(Crowd crowd, int first) =>
        string.Join(',', crowd.Ids.Skip(first).Take(Circle).Select(id => $"\"{id:D}\""));

    private static double Median(List<Cost> costs, Func<Cost, double> of) => Report.Median([.. costs.Select(of)]);

    private static string Seconds(double seconds) => seconds.ToString("0.00 s", CultureInfo.InvariantCulture);

    private sealed record Cost(double Seconds, double Reading, double Kib);
}
