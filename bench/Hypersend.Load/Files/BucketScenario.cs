using System.Diagnostics;
using System.Globalization;
using Hypersend.Server.Engines.Blobs.S3;

namespace Hypersend.Load.Files;

/// <summary>Four lanes of 8 MiB through the server into a bucket, beside the same objects put there by four clients without it.</summary>
internal static class BucketScenario
{
    public static async Task RunAsync(RunOptions options, Report report)
    {
        var blocks = options.Quick ? 16 : 64;
        var block = UploadScenario.Block();
        var folder = Directory.CreateTempSubdirectory("hypersend-bucket-").FullName;
        try
        {
            await using var s3 = await FilePeers.StartS3Async(options, Path.Combine(folder, "s3"));
            var address = string.Create(CultureInfo.InvariantCulture, $"s3://S3RVER:S3RVER@127.0.0.1:{s3.Url.Port}/{FilePeers.Bucket}?tls=off");
            await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off", "--STORAGE_URL=" + address);
            using var bucket = new S3Bucket(S3Url.Parse(address)!, TimeProvider.System);
            var ana = await server.SignUpAsync("ana");
            var ours = new HypersendTaker(server.Url, ana.AccessToken);
            var (through, direct) = (new List<double>(), new List<double>());
            for (var round = -1; round < options.Rounds; round++)
            {
                var began = Stopwatch.GetTimestamp();
                ours.Upload(block, blocks);
                var mine = Rate(began, blocks, block.Length);
                ours.Clear();
                began = Stopwatch.GetTimestamp();
                await PutAsync(bucket, block, blocks);
                if (round < 0)
                    continue;
                through.Add(mine);
                direct.Add(Rate(began, blocks, block.Length));
            }

            var (us, them) = (Report.Median(through), Report.Median(direct));
            report.Add(new Row($"upload of {blocks * block.Length >> 20:#,0} MiB into a bucket, 4 lanes, hashed", $"{Report.Number(us)} MB/s")
            {
                Peer = $"PutObject by 4 clients {Report.Number(them)} MB/s",
                Ratio = $"{us / them:0.00}x",
                Must = "0.8x",
                Remark = "s3rver, one process of Node on the same machine",
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task PutAsync(S3Bucket bucket, byte[] block, int blocks) => Task.WhenAll(Enumerable.Range(0, Taker.Lanes).Select(async lane =>
    {
        for (var number = lane; number < blocks; number += Taker.Lanes)
        {
            using var content = new ReadOnlyMemoryContent(block);
            using var answer = await bucket.SendAsync(HttpMethod.Put, string.Create(CultureInfo.InvariantCulture, $"bench/{number}"), CancellationToken.None, content);
            answer.EnsureSuccessStatusCode();
        }
    }));

    private static double Rate(long began, int blocks, int length) => (double)blocks * length / Stopwatch.GetElapsedTime(began).TotalSeconds / 1e6;
}
