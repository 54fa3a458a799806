using System.Diagnostics;
using System.Net;
using Hypersend.Server.Platform.Auth.Passwords;
using Hypersend.Server.Platform.Secrets;

namespace Hypersend.Load;

/// <summary>
/// Sign-ins at bcrypt's cost 12 against what the bare function does on as many cores as the server has hashing threads,
/// and what everybody else notices of it.
/// </summary>
internal static class LoginScenario
{
    private const int Cost = 12;
    private const int Clients = 16;
    private const int Rounds = 3;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(10);

    public static async Task RunAsync(RunOptions options, Report report)
    {
        await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off");
        var me = await server.SignUpAsync("prober");
        for (var i = 0; i < Clients; i++)
            await server.SignUpAsync($"person{i}");
        await ProbeAsync(server, me.AccessToken, new Samples(), Length / 4);

        var bare = new List<double>();
        var served = new List<double>();
        var quiet = new Samples();
        var busy = new Samples();
        for (var round = 0; round < Rounds; round++)
        {
            bare.Add(await BareRateAsync());
            await ProbeAsync(server, me.AccessToken, quiet, Length / 2);
            using var ending = new CancellationTokenSource();
            var logins = LogInAsync(server, ending.Token);
            await ProbeAsync(server, me.AccessToken, busy, Length);
            await ending.CancelAsync();
            served.Add(await logins);
        }

        var (bareRate, servedRate) = (Report.Median(bare), Report.Median(served));
        report.Add(new Row("sign-ins a second at cost 12", Report.Number(servedRate))
        {
            Peer = $"bare bcrypt {Report.Number(bareRate)}",
            Ratio = $"{servedRate / bareRate:0.00}x",
            Must = "0.9x",
            Remark = $"on {Threads} core(s)",
        });
        report.Add(new Row("GET /auth/me beside them, p99", $"{Report.Number(busy.Rank(0.99))} ms")
        {
            Peer = $"quiet {Report.Number(quiet.Rank(0.99))} ms",
            Ratio = $"{busy.Rank(0.99) / quiet.Rank(0.99):0.0}x",
            Must = "unharmed",
            Remark = $"p50 {Report.Number(quiet.Rank(0.5))} -> {Report.Number(busy.Rank(0.5))} ms; {busy.Count} probes",
        });
    }

    private static int Threads => Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>The same hash in a loop, on as many threads as the server has for it, with nothing else to do.</summary>
    private static async Task<double> BareRateAsync()
    {
        var folder = Directory.CreateTempSubdirectory("hypersend-bench-").FullName;
        using var hasher = new PasswordHasher(PepperRing.Load(null, folder), Cost, Threads);
        var stored = await hasher.HashAsync("a long password", CancellationToken.None);
        var began = Stopwatch.GetTimestamp();
        var loops = Enumerable.Range(0, Threads).Select(async _ =>
        {
            var count = 0;
            while (Stopwatch.GetElapsedTime(began) < Length / 2)
            {
                await hasher.VerifyAsync("a long password", stored, CancellationToken.None);
                count++;
            }

            return count;
        });
        var done = (await Task.WhenAll(loops)).Sum();
        var rate = done / Stopwatch.GetElapsedTime(began).TotalSeconds;
        Directory.Delete(folder, recursive: true);
        return rate;
    }

    private static async Task<double> LogInAsync(ServerProcess server, CancellationToken ending)
    {
        var began = Stopwatch.GetTimestamp();
        var clients = Enumerable.Range(0, Clients).Select(async i =>
        {
            var count = 0;
            while (!ending.IsCancellationRequested)
            {
                await server.SignInAsync($"person{i}");
                count++;
            }

            return count;
        });
        return (await Task.WhenAll(clients)).Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task ProbeAsync(ServerProcess server, string accessToken, Samples samples, TimeSpan length)
    {
        using var timer = new PeriodicTimer(ProbeEvery);
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < length && await timer.WaitForNextTickAsync())
        {
            var asked = Stopwatch.GetTimestamp();
            using var request = server.Me(accessToken);
            using var answer = await server.Http.SendAsync(request);
            if (answer.StatusCode != HttpStatusCode.OK)
                throw new InvalidOperationException("A probe was answered with " + answer.StatusCode);
            samples.Add(Stopwatch.GetElapsedTime(asked));
        }
    }
}
