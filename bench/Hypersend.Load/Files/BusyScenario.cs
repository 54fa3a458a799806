using System.Diagnostics;
using System.Text.Json;

namespace Hypersend.Load.Files;

/// <summary>What somebody who chats notices of eight uploads at full speed; and the end of an upload of 40 GiB.</summary>
internal static class BusyScenario
{
    private const int Uploads = 8;

    public static async Task RunAsync(RunOptions options, Report report)
    {
        await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off");
        var ana = await server.SignUpAsync("ana");
        var ben = await server.SignUpAsync("ben");
        var chat = await Room.MakeAsync(server, ana.AccessToken, $$"""{"type":"direct","member_ids":["{{ben.Id}}"]}""");
        await ChatAsync(server.Url, ana.AccessToken, chat, options.Length(2));
        var (quiet, busy) = (new List<Samples>(), new List<Samples>());
        for (var round = 0; round < options.Rounds; round++)
        {
            quiet.Add(await ChatAsync(server.Url, ana.AccessToken, chat, options.Length(4)));
            busy.Add(await BesideUploadsAsync(server.Url, ben.AccessToken, () => ChatAsync(server.Url, ana.AccessToken, chat, options.Length(6))));
        }

        var (before, beside) = (Report.Median([.. quiet.Select(one => one.Rank(0.99))]), Report.Median([.. busy.Select(one => one.Rank(0.99))]));
        report.Add(new Row($"a message sent beside {Uploads} uploads at full speed, p99", $"{beside:0.0} ms")
        {
            Peer = $"quiet {before:0.0} ms",
            Ratio = $"{beside / before:0.0}x",
            Must = "2x, or 25 ms",
            Aim = "1.3x",
            Remark = $"p50 {Report.Median([.. quiet.Select(one => one.Rank(0.5))]):0.0} -> {Report.Median([.. busy.Select(one => one.Rank(0.5))]):0.0} ms; one after another, 5 ms apart",
        });
    }

    private static async Task<Samples> ChatAsync(Uri url, string token, string chat, TimeSpan length)
    {
        using var http = new RawHttp(url);
        var samples = new Samples();
        var headers = $"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n";
        var body = JsonSerializer.SerializeToUtf8Bytes(new { chat_id = chat, content = "Is the film there yet?" });
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < length;)
        {
            var sent = Stopwatch.GetTimestamp();
            if (http.Send("POST", "/api/v1/messages", headers, body) != 201)
                throw new InvalidOperationException("A message was refused.");
            samples.Add(Stopwatch.GetElapsedTime(sent));
            await Task.Delay(5);
        }

        return samples;
    }

    /// <summary>Two files with four lanes each, over and over, until the work is done.</summary>
    private static async Task<Samples> BesideUploadsAsync(Uri url, string token, Func<Task<Samples>> work)
    {
        var block = UploadScenario.Block();
        var isOver = false;
        var files = Enumerable.Range(0, Uploads / Taker.Lanes).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                var taker = new HypersendTaker(url, token);
                taker.Upload(block, 64);
                taker.Clear();
            }
        })).ToArray();
        foreach (var file in files)
            file.Start();
        var samples = await work();
        Volatile.Write(ref isOver, true);
        foreach (var file in files)
            file.Join();
        return samples;
    }
}
