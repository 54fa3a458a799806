using System.Diagnostics;

namespace Hypersend.Load.Files;

/// <summary>What sealing costs: the same file up and down, by turns through a server that seals what it stores and one that does not.</summary>
internal static class SealedScenario
{
    public static async Task RunAsync(RunOptions options, Report report)
    {
        var blocks = options.Quick ? 32 : 256;
        var block = UploadScenario.Block();
        await using var open = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off");
        await using var sealing = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off", "--ENCRYPT_AT_REST=on");
        Side[] sides = [await Side.OfAsync(open), await Side.OfAsync(sealing)];

        // The first round is for nothing: the first touch of the machine's memory costs more than either of them.
        for (var round = -1; round < options.Rounds; round++)
        {
            // Who comes second finds memory that the machine has just given to the first.
            foreach (var side in round % 2 == 0 ? sides : sides.Reverse())
                side.Measure(block, blocks, counts: round >= 0);
        }

        var size = $"{(long)blocks * block.Length >> 20:#,0} MiB";
        var moved = (double)options.Rounds * blocks * block.Length / (1 << 30);
        Add(report, $"upload of {size} with ENCRYPT_AT_REST, 4 lanes, hashed and flushed, until syncfs", sides, side => side.Uploads, side => side.UploadWork / moved);
        Add(report, $"download of {size} with ENCRYPT_AT_REST, one stream", sides, side => side.Downloads, side => side.DownloadWork / moved);
    }

    private static void Add(Report report, string name, Side[] sides, Func<Side, List<double>> rates, Func<Side, double> work)
    {
        var (without, with) = (Report.Median(rates(sides[0])), Report.Median(rates(sides[1])));
        report.Add(new Row(name, $"{Report.Number(with)} MB/s")
        {
            Peer = $"off {Report.Number(without)} MB/s",
            Ratio = $"{with / without:0.00}x",
            Remark = $"processor time of the server per GiB {work(sides[1]):0.00} s, off {work(sides[0]):0.00} s",
        });
    }

    private sealed class Side(ServerProcess server, string token)
    {
        private readonly HypersendTaker _taker = new(server.Url, token);

        public List<double> Uploads { get; } = [];

        public List<double> Downloads { get; } = [];

        public double UploadWork { get; private set; }

        public double DownloadWork { get; private set; }

        public static async Task<Side> OfAsync(ServerProcess server) => new(server, (await server.SignUpAsync("ana")).AccessToken);

        public void Measure(byte[] block, int blocks, bool counts)
        {
            var size = (long)block.Length * blocks;
            var (began, before) = (Stopwatch.GetTimestamp(), server.Worked());
            _taker.Upload(block, blocks);
            Disk.Sync(server.Folder);
            var up = size / Stopwatch.GetElapsedTime(began).TotalSeconds / 1e6;
            var between = server.Worked();
            began = Stopwatch.GetTimestamp();
            using (var http = new RawHttp(server.Url))
            {
                if (http.Fetch($"/api/v1/files/{_taker.Id}/download", $"Authorization: Bearer {token}\r\n") != size)
                    throw new InvalidOperationException("A download was not whole.");
            }

            var down = size / Stopwatch.GetElapsedTime(began).TotalSeconds / 1e6;
            var after = server.Worked();
            _taker.Clear();
            if (!counts)
                return;
            Uploads.Add(up);
            Downloads.Add(down);
            UploadWork += (between - before).TotalSeconds;
            DownloadWork += (after - between).TotalSeconds;
        }
    }
}
