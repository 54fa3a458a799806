using System.Globalization;
using Hypersend.Load.Send;

namespace Hypersend.Load.Search;

/// <summary>How far the index is behind while as much is said as goes, and what it costs those who say it.</summary>
internal static class IndexLag
{
    private const int MostRounds = 3;

    // What a node has to be able to take, and twice that.
    private static readonly double[] Paces = [15_000, 30_000];

    public static async Task MeasureAsync(RunOptions options, Report report)
    {
        var (with, without) = (new List<double>(), new List<double>());
        double worst = 0, mean = 0;
        for (var round = 0; round < Math.Min(options.Rounds, MostRounds); round++)
        {
            foreach (var isOn in new[] { true, false })
            {
                await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off", "--SEARCH_INDEX=" + (isOn ? "on" : "off"));
                var (rate, behind) = await SendScenario.SendAloneAsync(options, server, sample: isOn);
                (isOn ? with : without).Add(rate);
                worst = Math.Max(worst, behind);
                if (isOn)
                    mean = await MeanLagAsync(server);
            }
        }

        var (on, off) = (Report.Median(with), Report.Median(without));
        report.Add(new Row("durable messages a second while they are indexed, SQLite", Report.Number(on))
        {
            Peer = $"not indexed {Report.Number(off)}",
            Ratio = string.Create(CultureInfo.InvariantCulture, $"{on / off:0.00}x"),
            Must = "0.85x",
            Remark = string.Create(CultureInfo.InvariantCulture, $"at most {worst:0.00} s behind at the moments it was asked; mean of the batches {mean:0.000} s"),
        });
        foreach (var pace in Paces)
        {
            await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off");
            var (rate, behind) = await SendScenario.SendAloneAsync(options, server, sample: true, pace);
            report.Add(new Row($"index behind the messages at {Report.Number(pace)} a second, SQLite", string.Create(CultureInfo.InvariantCulture, $"at most {behind:0.00} s"))
            {
                Must = pace == Paces[0] ? "< 1 s" : "",
                Remark = $"{Report.Number(rate)} a second were acknowledged",
            });
        }
    }

    private static async Task<double> MeanLagAsync(ServerProcess server)
    {
        var text = await server.Http.GetStringAsync("/metrics");
        return Metrics.Sum(text, "hypersend_search_lag_seconds_sum") / Math.Max(1, Metrics.Sum(text, "hypersend_search_lag_seconds_count"));
    }
}
