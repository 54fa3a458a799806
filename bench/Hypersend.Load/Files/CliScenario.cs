using System.Diagnostics;

namespace Hypersend.Load.Files;

/// <summary>A large file by the published command line, up beside curl to nginx and down beside curl from the same server; its memory, and how soon it begins.</summary>
internal static class CliScenario
{
    private const int Starts = 7;
    private const double Mega = 1e6;

    public static async Task RunAsync(RunOptions options, Report report)
    {
        if (!File.Exists(options.CliPath))
            throw new FileNotFoundException("There is no published command line at " + options.CliPath + "; run make cli first.");
        var folder = Directory.CreateTempSubdirectory("hypersend-cli-").FullName;
        try
        {
            await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off");
            await using var nginx = await FilePeers.StartNginxAsync(Path.Combine(folder, "nginx"));
            var ana = await server.SignUpAsync("ana");
            var cli = new CliProgram(options.CliPath, folder);
            await cli.RunAsync(ServerProcess.PasswordOf("ana"), "login", server.Url.ToString(), "--user", "ana", "--password-stdin");
            var size = options.Size ?? (options.Quick ? 256L << 20 : 8L << 30);
            var film = Path.Combine(folder, "film.bin");
            Write(film, size);
            var id = await UploadAsync(options, report, cli, nginx, film, size);
            await DownloadAsync(options, report, cli, server, id, size);
            await StartAsync(report, cli, folder);
            report.Add(new Row($"memory of the command line, the most with {size >> 20:#,0} MiB up and down", $"{Report.Number(cli.MostResident / 1048576.0)} MiB")
            {
                Must = "< 150 MiB",
                Remark = "resident, as the kernel counted it",
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> UploadAsync(RunOptions options, Report report, CliProgram cli, ChildProcess nginx, string film, long size)
    {
        var (ours, theirs) = (new List<double>(), new List<double>());
        var id = "";
        for (var round = -1; round < options.Rounds; round++)
        {
            // Each begins where the other's file has just been removed: the machine's memory is as warm for one as for the other.
            if (id.Length > 0)
                await cli.RunAsync(null, "rm", id);
            var other = await MeasureAsync(film, size, () => CliProgram.DoAsync("curl", "-sSf", "-T", film, new Uri(nginx.Url, "film.bin").ToString()));
            await CliProgram.DoAsync("curl", "-sSf", "-X", "DELETE", new Uri(nginx.Url, "film.bin").ToString());
            var mine = await MeasureAsync(film, size, async () => id = (await cli.RunAsync(null, "upload", film, "--to", "me")).Split('\t')[0]);
            if (round < 0)
                continue;
            ours.Add(mine);
            theirs.Add(other);
        }

        Compare(report, $"upload of {size >> 20:#,0} MiB by hypersend, until syncfs", ours, "curl to nginx DAV", theirs);
        return id;
    }

    private static async Task DownloadAsync(RunOptions options, Report report, CliProgram cli, ServerProcess server, string id, long size)
    {
        var (ours, theirs) = (new List<double>(), new List<double>());
        var target = Path.Combine(cli.Folder, "got.bin");
        var address = new Uri(server.Url, $"/api/v1/files/{id}/download").ToString();
        for (var round = -1; round < options.Rounds; round++)
        {
            var mine = await MeasureAsync(target, size, () => cli.RunAsync(null, "download", id, "-o", target));
            File.Delete(target);
            var token = (await server.SignInAsync("ana")).AccessToken;
            var other = await MeasureAsync(target, size, () => CliProgram.DoAsync("curl", "-sSf", "-H", "Authorization: Bearer " + token, "-o", target, address));
            File.Delete(target);
            if (round < 0)
                continue;
            ours.Add(mine);
            theirs.Add(other);
        }

        Compare(report, $"download of {size >> 20:#,0} MiB by hypersend, until syncfs", ours, "curl from Hypersend", theirs);
    }

    /// <summary>From the start of the program to the first byte of a file on its output.</summary>
    private static async Task StartAsync(Report report, CliProgram cli, string folder)
    {
        var note = Path.Combine(folder, "note.txt");
        await File.WriteAllTextAsync(note, "Is the film there yet?");
        var id = (await cli.RunAsync(null, "upload", note, "--to", "me")).Split('\t')[0];
        var samples = new Samples();
        for (var start = 0; start < Starts; start++)
            samples.Add(await cli.FirstByteAsync("download", id, "-o", "-"));
        report.Add(new Row("start of hypersend to the first byte of a file", $"{Report.Number(samples.Rank(0.5))} ms")
        {
            Must = "< 300 ms",
            Remark = $"download to the output; median of {Starts}, worst {Report.Number(samples.Rank(1))} ms",
        });
    }

    private static void Compare(Report report, string what, List<double> ours, string peer, List<double> theirs)
    {
        var (us, them) = (Report.Median(ours), Report.Median(theirs));
        report.Add(new Row(what, $"{Report.Number(us)} MB/s")
        {
            Peer = $"{peer} {Report.Number(them)} MB/s",
            Ratio = $"{us / them:0.00}x",
            Must = "0.9x",
            Remark = $"{Report.Number(ours.Min())} to {Report.Number(ours.Max())}; {peer} {Report.Number(theirs.Min())} to {Report.Number(theirs.Max())}; every byte hashed on both sides by hypersend",
        });
    }

    private static async Task<double> MeasureAsync(string near, long size, Func<Task> work)
    {
        var folder = Path.GetDirectoryName(near)!;
        Disk.Sync(folder);
        var began = Stopwatch.GetTimestamp();
        await work();
        Disk.Sync(folder);
        return size / Stopwatch.GetElapsedTime(began).TotalSeconds / Mega;
    }

    private static void Write(string path, long size)
    {
        using var file = File.Create(path);
        var block = UploadScenario.Block();
        for (var left = size; left > 0; left -= block.Length)
            file.Write(block.AsSpan(0, (int)Math.Min(block.Length, left)));
    }
}
