using System.Diagnostics;

namespace Hypersend.Load.Files;

/// <summary>Four lanes of 8 MiB into the disk beside nginx and the tus project's server, and what it costs in memory.</summary>
internal static class UploadScenario
{
    private const int BlockLength = 8 << 20;
    private const int WarmUps = 3;

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var blocks = options.Quick ? 32 : 256;
        var block = Block();
        var folder = Directory.CreateTempSubdirectory("hypersend-files-").FullName;
        try
        {
            await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off");
            await using var nginx = await FilePeers.StartNginxAsync(Path.Combine(folder, "nginx"));
            await using var tus = await FilePeers.StartTusAsync(options, Path.Combine(folder, "tus"));
            var ana = await server.SignUpAsync("ana");
            var ours = new HypersendTaker(server.Url, ana.AccessToken);
            Taker[] takers = [ours, new NginxTaker(nginx.Url), new TusTaker(tus.Url)];
            Func<TimeSpan>[] clocks = [server.Worked, nginx.Worked, tus.Worked];

            // Whole rounds for nothing: the first touch of the machine's memory costs more than any of the takers does, and what a
            // program makes of itself while it warms up is no memory of its lanes.
            for (var round = 0; round < (options.Quick ? 1 : WarmUps); round++)
            {
                foreach (var taker in takers)
                    Measure(taker, block, blocks, folder);
            }

            var idle = server.Resident();
            var before = clocks.Select(worked => worked()).ToArray();
            var most = 0L;
            for (var round = 0; round < options.Rounds; round++)
            {
                foreach (var taker in takers)
                {
                    using var watch = new Timer(_ => most = Math.Max(most, server.Resident()), null, 0, 50);
                    taker.Rates.Add(Measure(taker, block, blocks, folder));
                }
            }

            var rates = takers.Select(taker => Report.Median(taker.Rates)).ToArray();
            report.Add(new Row($"upload of {blocks * (BlockLength >> 20):#,0} MiB, 4 lanes, hashed and flushed, until syncfs", $"{Report.Number(rates[0])} MB/s")
            {
                Peer = $"nginx DAV {Report.Number(rates[1])}; @tus/server {Report.Number(rates[2])} MB/s",
                Ratio = $"{rates[0] / rates[1]:0.00}x; {rates[0] / rates[2]:0.0}x",
                Must = "1.15x nginx, 1.7x tus",
                Aim = "1.3x nginx",
                Remark = string.Join("; ", takers.Select(taker => $"{taker.Name} {Report.Number(taker.Rates.Min())} to {Report.Number(taker.Rates.Max())}")),
            });

            // Both cores are busy here: who needs less of them is faster, also where the disk or the machine has a bad moment.
            var moved = (double)options.Rounds * blocks * BlockLength / (1 << 30);
            var worked = clocks.Select((clock, taker) => (clock() - before[taker]).TotalSeconds / moved).ToArray();
            report.Add(new Row("processor time of the server per GiB taken in", $"{worked[0]:0.00} s")
            {
                Peer = $"nginx DAV {worked[1]:0.00}; @tus/server {worked[2]:0.00} s",
                Ratio = $"{worked[0] / worked[1]:0.00}x; {worked[0] / worked[2]:0.00}x",
                Remark = "in the program and in the system; Hypersend hashes, the others do not",
            });
            report.Add(new Row("memory of the server, the most while 4 lanes run, over idle", $"{Report.Number((most - idle) / 1048576.0)} MiB")
            {
                Must = "<= 6 MiB",
                Aim = "4 MiB",
                Remark = $"resident; {Report.Number(idle / 1048576.0)} MiB before, after {WarmUps} rounds",
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Random bytes: nobody gains by finding zeros.</summary>
    public static byte[] Block()
    {
        var block = new byte[BlockLength];
        System.Security.Cryptography.RandomNumberGenerator.Fill(block);
        return block;
    }

    /// <summary>MB a second, from the first request until everything is on the disk.</summary>
    private static double Measure(Taker taker, byte[] block, int blocks, string folder)
    {
        Disk.Sync(folder);
        var began = Stopwatch.GetTimestamp();
        taker.Upload(block, blocks);
        Disk.Sync(folder);
        var took = Stopwatch.GetElapsedTime(began);
        taker.Clear();
        Disk.Sync(folder);
        return (double)blocks * block.Length / took.TotalSeconds / 1e6;
    }
}
