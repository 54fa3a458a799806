using System.Diagnostics;
using System.Globalization;

namespace Hypersend.Load.Files;

/// <summary>One stream out of the page cache beside nginx with sendfile; a download that begins when its upload begins; and HTTP ranges.</summary>
internal static class DownloadScenario
{
    public static async Task RunAsync(RunOptions options, Report report)
    {
        var blocks = options.Quick ? 32 : 256;
        var block = UploadScenario.Block();
        var folder = Directory.CreateTempSubdirectory("hypersend-files-").FullName;
        try
        {
            await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off");
            await using var nginx = await FilePeers.StartNginxAsync(Path.Combine(folder, "nginx"));
            var ana = await server.SignUpAsync("ana");
            var ours = new HypersendTaker(server.Url, ana.AccessToken);
            ours.Upload(block, blocks);
            using (var http = new RawHttp(nginx.Url))
                http.Send("PUT", "/film.bin", "", block, blocks);
            Disk.Sync(folder);
            MeasureStreams(options, report, server, ana.AccessToken, ours.Id, nginx, (long)blocks * block.Length);
            MeasureFollowing(options, report, server.Url, ana.AccessToken, block, blocks);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void MeasureStreams(RunOptions options, Report report, ServerProcess server, string token, string file, ChildProcess nginx, long size)
    {
        var (ours, theirs) = (new List<double>(), new List<double>());
        var (oursBefore, theirsBefore) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var round = -1; round < options.Rounds; round++)
        {
            if (round == 0)
                (oursBefore, theirsBefore) = (server.Worked(), nginx.Worked());
            var mine = Fetch(server.Url, $"/api/v1/files/{file}/download", $"Authorization: Bearer {token}\r\n", size);
            var other = Fetch(nginx.Url, "/film.bin", "", size);
            if (round < 0)
                continue;
            ours.Add(mine);
            theirs.Add(other);
        }

        var (us, them) = (Report.Median(ours), Report.Median(theirs));
        report.Add(new Row($"download of {size >> 20:#,0} MiB, one stream", $"{Report.Number(us)} MB/s")
        {
            Peer = $"nginx sendfile {Report.Number(them)} MB/s",
            Ratio = $"{us / them:0.00}x",
            Must = "1.0x",
            Aim = "1.2x",
            Remark = "the client receives and forgets",
        });
        var moved = (double)options.Rounds * size / (1 << 30);
        var (ourWork, theirWork) = ((server.Worked() - oursBefore).TotalSeconds / moved, (nginx.Worked() - theirsBefore).TotalSeconds / moved);
        report.Add(new Row("processor time of the server per GiB given out", $"{ourWork:0.00} s")
        {
            Peer = $"nginx sendfile {theirWork:0.00} s",
            Ratio = $"{ourWork / theirWork:0.00}x",
            Remark = "in the program and in the system; sendfile copies nothing in the program",
        });
    }

    private static double Fetch(Uri url, string path, string headers, long size)
    {
        using var http = new RawHttp(url);
        var began = Stopwatch.GetTimestamp();
        if (http.Fetch(path, headers) != size)
            throw new InvalidOperationException("A download was not whole.");
        return size / Stopwatch.GetElapsedTime(began).TotalSeconds / 1e6;
    }

    private static void MeasureFollowing(RunOptions options, Report report, Uri server, string token, byte[] block, int blocks)
    {
        var ratios = new List<double>();
        for (var round = 0; round < options.Rounds; round++)
        {
            var ours = new HypersendTaker(server, token);
            var began = Stopwatch.GetTimestamp();
            TimeSpan followed = default;
            Thread? follower = null;
            ours.Begun = id =>
            {
                follower = new Thread(() =>
                {
                    using var http = new RawHttp(server);
                    if (http.Fetch($"/api/v1/files/{id}/download", $"Authorization: Bearer {token}\r\n") != (long)block.Length * blocks)
                        throw new InvalidOperationException("The follower did not get all.");
                    followed = Stopwatch.GetElapsedTime(began);
                });
                follower.Start();
            };
            ours.Upload(block, blocks);
            var uploaded = Stopwatch.GetElapsedTime(began);
            follower!.Join();
            ratios.Add(followed / uploaded);
            ours.Clear();
        }

        report.Add(new Row(string.Create(CultureInfo.InvariantCulture, $"download of the same size that begins with its upload, ends after"), $"{Report.Median(ratios):0.000}x the upload")
        {
            Must = "<= 1.02x",
            Aim = "1.005x",
            Remark = string.Create(CultureInfo.InvariantCulture, $"worst {ratios.Max():0.000}x"),
        });
    }
}
