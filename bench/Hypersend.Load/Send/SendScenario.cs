using System.Globalization;
using System.Security.Cryptography;
using Hypersend.Load.Sockets;

namespace Hypersend.Load.Send;

/// <summary>Durable messages a second: 64 people in 16 chats of four, each with a few messages on their way, beside one commit per message.</summary>
internal static class SendScenario
{
    private const int Chats = 16;
    private const int Circle = 4;
    private const int Window = 16;
    private const int ContentLength = 120;
    private const string Behind = "hypersend_search_behind_seconds";

    public static async Task RunAsync(RunOptions options, Report report)
    {
        await MeasureSqliteAsync(options, report);
        if (options.Postgres is { } postgres)
            await MeasurePostgresAsync(options, report, postgres);
        else
            report.Add(new Row("durable messages a second, PostgreSQL", "not measured") { Remark = "no server was named (--postgres=)" });
    }

    /// <summary>Sends as much as goes and nothing beside it: messages a second, and the seconds by which the index was behind at most.</summary>
    public static async Task<(double Rate, double Behind)> SendAloneAsync(
        RunOptions options, ServerProcess server, bool sample, double atMost = double.PositiveInfinity)
    {
        var (sockets, writers) = await GatherAsync(server, Speech.Content(ContentLength));
        using var open = sockets;

        // So long code is compiled anew beside the load; and the index begins where it is on any other day, behind nobody.
        writers.Write(options.Length(20), new Samples(), atMost);
        while (sample && Metrics.Sum(await server.Http.GetStringAsync("/metrics"), Behind) > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        var behind = 0.0;
        using var end = new CancellationTokenSource();
        var sampling = Task.Run(async () =>
        {
            while (sample && !end.IsCancellationRequested)
            {
                behind = Math.Max(behind, Metrics.Sum(await server.Http.GetStringAsync("/metrics"), Behind));
                await Task.Delay(TimeSpan.FromMilliseconds(250));
            }
        });
        var rate = writers.Write(options.Length(15), new Samples(), atMost);
        await end.CancelAsync();
        await sampling;
        return (rate, behind);
    }

    private static async Task MeasureSqliteAsync(RunOptions options, Report report)
    {
        await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off");
        await using var alone = await CommitLoop.OnSqliteAsync(server.Folder);
        var figures = await MeasureAsync(options, server, [alone]);
        report.Add(figures.ToRow("durable messages a second, SQLite") with { Must = "5x, 30,000", Aim = "6x, 36,000" });
    }

    private static async Task MeasurePostgresAsync(RunOptions options, Report report, string postgres)
    {
        await using var database = await ScratchDatabase.MakeAsync(postgres);
        await using var server = await ServerProcess.StartAsync(
            options, null, "--RATE_LIMITS=off", "--DATABASE_URL=" + database.Url, "--SECRET_KEY=" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(48)));
        await using var alone = await CommitLoop.OnPostgresAsync(database.Url, 1);
        await using var together = await CommitLoop.OnPostgresAsync(database.Url, Chats);
        var figures = await MeasureAsync(options, server, [alone, together]);
        var row = figures.ToRow("durable messages a second, PostgreSQL");
        report.Add(row with
        {
            Must = "8x",
            Aim = "10x",
            Remark = $"{database.Durability}{row.Remark}; one commit per message on {Chats} connections at once: {Report.Number(Report.Median(figures.Commits[1]))}",
        });
    }

    private static async Task<Figures> MeasureAsync(RunOptions options, ServerProcess server, CommitLoop[] loops)
    {
        var content = Speech.Content(ContentLength);
        var (sockets, writers) = await GatherAsync(server, content);
        using var open = sockets;
        var figures = new Figures(loops.Length);
        writers.Write(options.Length(5), new Samples());
        foreach (var loop in loops)
            await loop.RunAsync(options.Length(1), content);
        for (var round = 0; round < options.Rounds; round++)
        {
            figures.Rates.Add(writers.Write(options.Length(5), figures.Waits));
            for (var i = 0; i < loops.Length; i++)
                figures.Commits[i].Add(await loops[i].RunAsync(options.Length(2), content));
        }

        return figures;
    }

    private static async Task<(SocketLoop Sockets, Writers Writers)> GatherAsync(ServerProcess server, string content)
    {
        await server.SignUpAsync("admin");
        var crowd = await Crowd.GatherAsync(server, Chats * Circle);
        var run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var speeches = new List<Speech>();
        for (var chat = 0; chat < Chats; chat++)
        {
            var others = string.Join(',', crowd.Ids.Skip((chat * Circle) + 1).Take(Circle - 1).Select(id => $"\"{id}\""));
            var id = await Room.MakeAsync(server, crowd.Tokens[chat * Circle], $$"""{"type":"group","name":"Circle {{chat}}","member_ids":[{{others}}]}""");
            for (var i = 0; i < Circle; i++)
                speeches.Add(HypersendDialect.Speech(id, run, speeches.Count, content));
        }

        var sockets = new SocketLoop();
        var opened = sockets.Open(new HypersendDialect(crowd.Tokens), server.Url.Port, crowd.Tokens.Count, TimeSpan.FromMinutes(1));
        return (sockets, new Writers(sockets, opened, [.. speeches], Circle, Window));
    }

    private sealed class Figures(int loops)
    {
        public List<double> Rates { get; } = [];

        public List<double>[] Commits { get; } = [.. Enumerable.Range(0, loops).Select(_ => new List<double>())];

        public Samples Waits { get; } = new();

        public Row ToRow(string what)
        {
            var (rate, commits) = (Report.Median(Rates), Report.Median(Commits[0]));
            return new Row(what, Report.Number(rate))
            {
                Peer = $"one commit per message {Report.Number(commits)}",
                Ratio = string.Create(CultureInfo.InvariantCulture, $"{rate / commits:0.0}x"),
                Remark = $"acknowledged after p50 {Report.Number(Waits.Rank(0.5))} ms, p99 {Report.Number(Waits.Rank(0.99))} ms; {Window} on their way each; worst round {Report.Number(Rates.Min())}",
            };
        }
    }
}
