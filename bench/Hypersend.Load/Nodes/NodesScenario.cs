using System.Globalization;

namespace Hypersend.Load.Nodes;

/// <summary>What a second and a third node cost: the same talk on one node, on one with Redis, and on three.</summary>
internal static class NodesScenario
{
    private const int Many = 3;
    private const int MostRounds = 3;
    private const double Pace = 1_000;
    private const double Calm = 500;

    public static async Task RunAsync(RunOptions options, Report report)
    {
        if (options.Postgres is not { } postgres)
        {
            report.Add(new Row("nodes", "not measured") { Remark = "several nodes need PostgreSQL: no server was named (--postgres=)" });
            return;
        }

        await using var redis = await RedisProcess.StartAsync();
        if (redis is null)
        {
            report.Add(new Row("nodes", "not measured") { Remark = "redis-server is not installed" });
            return;
        }

        await BusDelay.MeasureAsync(options, report, redis.Url);
        await using var alone = await Site.BuildAsync(options, postgres, redis: null, 1);
        await using var one = await Site.BuildAsync(options, postgres, redis, 1);
        await using var many = await Site.BuildAsync(options, postgres, redis, Many);
        Site[] sites = [alone, one, many];
        foreach (var site in sites)
            await site.SpeakAsync(options.Length(15));
        await AtFullSpeedAsync(options, report, sites);
        await AtOnePaceAsync(options, report, sites);
        var calm = await many.SpeakAsync(options.Length(10), Calm);
        report.Add(new Row($"a message heard at another node, {Calm} a second", Rank(calm.Heard.Elsewhere))
        {
            Peer = $"at the sender's node {Rank(calm.Heard.Here)}",
            Remark = "from the sender's write to the listener's read, the commit included; " + Invariant($"{calm.Heard.Elsewhere.Count:#,0} copies"),
        });
    }

    private static async Task AtFullSpeedAsync(RunOptions options, Report report, Site[] sites)
    {
        var talks = sites.ToDictionary(site => site, _ => new List<Site.Talk>());
        for (var round = 0; round < Math.Min(options.Rounds, MostRounds); round++)
        {
            foreach (var site in sites)
                talks[site].Add(await site.SpeakAsync(options.Length(5)));
        }

        foreach (var site in sites)
        {
            var (rate, first) = (Report.Median([.. talks[site].Select(talk => talk.Rate)]), Report.Median([.. talks[sites[0]].Select(talk => talk.Rate)]));
            report.Add(new Row($"durable messages a second, {site}", Report.Number(rate))
            {
                Ratio = Invariant($"{rate / first:0.00}x"),
                Remark = Invariant($"{sites[0].Durability}{Report.Number(3 * rate)} copies to others a second; {Of(talks[site], talk => talk.All):0} µs of processors a message: ") +
                    Invariant($"nodes {Of(talks[site], talk => talk.Nodes):0}, PostgreSQL {Of(talks[site], talk => talk.Postgres):0}, Redis {Of(talks[site], talk => talk.Redis):0.0}"),
            });
        }
    }

    private static async Task AtOnePaceAsync(RunOptions options, Report report, Site[] sites)
    {
        var talks = sites.ToDictionary(site => site, _ => new List<Site.Talk>());
        for (var round = 0; round < Math.Min(options.Rounds, MostRounds); round++)
        {
            foreach (var site in sites)
                talks[site].Add(await site.SpeakAsync(options.Length(5), Pace));
        }

        var first = Of(talks[sites[0]], talk => talk.All);
        foreach (var site in sites)
        {
            var all = Of(talks[site], talk => talk.All);
            report.Add(new Row($"processor time of a message at {Report.Number(Pace)} a second, {site}", Invariant($"{all:0} µs"))
            {
                Ratio = Invariant($"{all / first:0.00}x"),
                Must = site == sites[^1] ? "1.20x" : "-",
                Remark = Invariant($"{Of(talks[site], talk => talk.Rate):#,0} a second were acknowledged; ") +
                    Invariant($"nodes {Of(talks[site], talk => talk.Nodes):0}, PostgreSQL {Of(talks[site], talk => talk.Postgres):0}, Redis {Of(talks[site], talk => talk.Redis):0.0}"),
            });
        }
    }

    private static double Of(List<Site.Talk> talks, Func<Site.Talk, double> figure) => Report.Median([.. talks.Select(figure)]);

    private static string Rank(Samples samples) => Invariant($"p50 {samples.Rank(0.5):0.0} ms, p99 {samples.Rank(0.99):0.0} ms");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
