using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hypersend.Contracts.Transfers;
using Hypersend.Load.Files;

namespace Hypersend.Load.Relays;

/// <summary>
/// The same bytes from one person to another: through the relay, and by the file route, up and then down. And what twenty slow
/// receivers cost in memory.
/// </summary>
internal static class RelayScenario
{
    private const int SlowPairs = 20;
    private const int Sip = 64 * 1024;
    private const int WormholeRounds = 3;

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var blocks = options.Quick ? 16 : 128;
        var block = UploadScenario.Block();
        var length = (long)blocks * block.Length;
        await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off");
        var (ana, ben) = (await server.SignUpAsync("ana"), await server.SignUpAsync("ben"));
        var (masked, digest) = (RelaySocket.Mask(block), SHA256.HashData(block));
        var ours = new HypersendTaker(server.Url, ana.AccessToken);
        var (relayed, up, down) = (new List<double>(), new List<double>(), new List<double>());
        var (relayWork, fileWork) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var round = -1; round < options.Rounds; round++)
        {
            var transfer = await OfferAsync(server, ana.AccessToken, ben.Id.ToString(), length, block.Length);
            var before = server.Worked();
            var took = Relay(server.Url, transfer, ana.AccessToken, ben.AccessToken, masked, digest, blocks);
            var between = server.Worked();

            var began = Stopwatch.GetTimestamp();
            ours.Upload(block, blocks);
            var sent = Stopwatch.GetElapsedTime(began).TotalSeconds;
            using (var http = new RawHttp(server.Url))
            {
                if (http.Fetch($"/api/v1/files/{ours.Id}/download", $"Authorization: Bearer {ana.AccessToken}\r\n") != length)
                    throw new InvalidOperationException("The download was not whole.");
            }

            var fetched = Stopwatch.GetElapsedTime(began).TotalSeconds - sent;
            var after = server.Worked();
            ours.Clear();

            // The first round is for nothing: it pays for pages that are touched the first time.
            if (round < 0)
                continue;
            relayed.Add(took);
            up.Add(sent);
            down.Add(fetched);
            relayWork += between - before;
            fileWork += after - between;
        }

        var (us, them) = (Report.Median(relayed), Report.Median([.. up.Zip(down, (one, other) => one + other)]));
        var moved = (double)options.Rounds * length / (1 << 30);
        report.Add(new Row($"{length >> 20:#,0} MiB from one person to another through the relay", $"{us:0.00} s")
        {
            Peer = $"the file route {them:0.00} s",
            Ratio = $"{us / them:0.00}x",
            Must = "<= 0.6x",
            Remark = $"{Report.Number(length / us / 1e6)} MB/s, {relayed.Min():0.00} to {relayed.Max():0.00} s; the file {Report.Median(up):0.00} s up over 4 lanes and {Report.Median(down):0.00} s down",
        });
        report.Add(new Row("processor time of the server per GiB relayed", $"{relayWork.TotalSeconds / moved:0.00} s")
        {
            Peer = $"the file route {fileWork.TotalSeconds / moved:0.00} s",
            Ratio = $"{relayWork / fileWork:0.00}x",
        });
        await MeasureWormholeAsync(options, report, block, blocks, us);
        await MeasureSlowAsync(options, report, masked);
    }

    private static async Task MeasureWormholeAsync(RunOptions options, Report report, byte[] block, int blocks, double us)
    {
        var folder = Directory.CreateTempSubdirectory("hypersend-wormhole-").FullName;
        try
        {
            using var wormhole = await Wormhole.TryStartAsync(folder);
            if (wormhole is null)
            {
                Console.Error.WriteLine("   magic-wormhole and its servers are not installed: left out");
                return;
            }

            wormhole.Write(block, blocks);
            wormhole.Send();
            var took = new List<double>();
            for (var round = 0; round < Math.Min(options.Rounds, WormholeRounds); round++)
                took.Add(wormhole.Send());
            var them = Report.Median(took);
            report.Add(new Row($"{(long)blocks * block.Length >> 20:#,0} MiB by magic-wormhole through a transit relay", $"{them:0.0} s")
            {
                Peer = $"our relay {us:0.00} s",
                Ratio = $"{us / them:0.00}x",
                Remark = $"{took.Min():0.0} to {took.Max():0.0} s; sealed, from a file to a file, with the start of its clients",
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Relay(Uri url, string transfer, string mine, string theirs, byte[] masked, byte[] digest, int chunks)
    {
        using var sender = new RelaySocket(url, "sender", transfer, mine);
        using var receiver = new RelaySocket(url, "receiver", transfer, theirs);
        receiver.Await(RelayWords.Start);
        var began = Stopwatch.GetTimestamp();
        var receiving = new Thread(() => Receive(receiver, chunks));
        receiving.Start();
        sender.Await(RelayWords.Need);

        // What comes to the sender has to be read, or the relay has nowhere to put it.
        var hearing = new Thread(() => sender.Await(RelayWords.Done));
        hearing.Start();
        var hex = Convert.ToHexStringLower(digest);
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            for (var offset = 0; offset < masked.Length; offset += RelayHead.Step)
                sender.Send(chunk, offset, masked.AsSpan(offset, RelayHead.Step));
            sender.Say($$"""{"type":"chunk","index":{{chunk}},"sha256":"{{hex}}"}""");
        }

        using var root = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var chunk = 0; chunk < chunks; chunk++)
            root.AppendData(digest);
        sender.Say($$"""{"type":"complete","sha256_root":"{{Convert.ToHexStringLower(root.GetHashAndReset())}}"}""");
        receiving.Join();
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        hearing.Join();
        return took;
    }

    private static void Receive(RelaySocket receiver, int chunks)
    {
        receiver.Say($$"""{"type":"need","ranges":[[0,{{chunks - 1}}]]}""");
        var got = 0;
        while (receiver.Next().Word is { } word)
        {
            if (word.Contains("\"type\":\"done\"", StringComparison.Ordinal))
                return;
            if (word.Contains("\"type\":\"chunk\"", StringComparison.Ordinal))
                receiver.Say($$"""{"type":"got","chunk":{{got++}}}""");
        }

        throw new InvalidOperationException("The relay closed before it was done.");
    }

    private static async Task MeasureSlowAsync(RunOptions options, Report report, byte[] masked)
    {
        await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off");
        var (ana, ben) = (await server.SignUpAsync("ana"), await server.SignUpAsync("ben"));
        await Task.Delay(TimeSpan.FromSeconds(2));
        var (idle, most) = (server.Resident(), 0L);
        var pairs = new List<(RelaySocket Sender, RelaySocket Receiver)>();
        using var ending = new CancellationTokenSource();
        var senders = new List<Thread>();
        for (var pair = 0; pair < SlowPairs; pair++)
        {
            var transfer = await OfferAsync(server, ana.AccessToken, ben.Id.ToString(), 128L * masked.Length, masked.Length);
            var sender = new RelaySocket(server.Url, "sender", transfer, ana.AccessToken);
            pairs.Add((sender, new RelaySocket(server.Url, "receiver", transfer, ben.AccessToken, receiveBuffer: Sip)));
            pairs[^1].Receiver.Say("""{"type":"need","ranges":[[0,127]]}""");
            sender.Await(RelayWords.Need);
            senders.Add(new Thread(() => SendUntil(sender, masked, ending.Token)));
            senders[^1].Start();
        }

        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < options.Length(30))
        {
            foreach (var (_, receiver) in pairs)
                receiver.Sip(Sip);
            most = Math.Max(most, server.Resident());
            await Task.Delay(200);
        }

        await ending.CancelAsync();
        foreach (var (sender, receiver) in pairs)
        {
            sender.Dispose();
            receiver.Dispose();
        }

        foreach (var thread in senders)
            thread.Join();
        report.Add(new Row($"memory of the server with {SlowPairs} transfers whose receivers are slow, the most over idle", $"{Report.Number((most - idle) / 1048576.0)} MiB")
        {
            Must = "< 100 MiB",
            Remark = $"resident; {Report.Number(idle / 1048576.0)} MiB before, {options.Length(30).TotalSeconds:0} s; each takes 64 KiB five times a second from a sender that sends as fast as it may",
        });
    }

    private static void SendUntil(RelaySocket sender, byte[] masked, CancellationToken ending)
    {
        try
        {
            for (var sent = 0L; !ending.IsCancellationRequested; sent += RelayHead.Step)
                sender.Send((int)(sent / masked.Length % 128), (int)(sent % masked.Length), masked.AsSpan((int)(sent % masked.Length), RelayHead.Step));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The measurement is over.
        }
    }

    private static async Task<string> OfferAsync(ServerProcess server, string token, string receiver, long size, int chunkSize)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/p2p/initiate")
        {
            Content = new StringContent(
                JsonSerializer.Serialize(new { receiver_id = receiver, filename = "film.mkv", size, chunk_size = chunkSize }), Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var answer = await server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text).GetProperty("transfer_id").GetString()!
            : throw new InvalidOperationException("The offer was answered with " + text);
    }
}
