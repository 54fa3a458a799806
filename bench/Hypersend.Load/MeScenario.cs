using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Hypersend.Load;

/// <summary>GET /auth/me with wrk: token, session, a row from the database, JSON; beside it a route that does none of this.</summary>
internal static partial class MeScenario
{
    private const int Rounds = 3;

    public static async Task RunAsync(RunOptions options, Report report)
    {
        await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off");
        var me = await server.SignUpAsync("ana");
        await WrkAsync(server, "/api/v1/auth/me", me.AccessToken, 4);

        var asked = new List<double>();
        var floor = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            floor.Add(await WrkAsync(server, "/api/v1/server", me.AccessToken, 5));
            asked.Add(await WrkAsync(server, "/api/v1/auth/me", me.AccessToken, 5));
        }

        var (figure, bare) = (Report.Median(asked), Report.Median(floor));
        report.Add(new Row("GET /auth/me, requests a second", Report.Number(figure))
        {
            Peer = $"without the database {Report.Number(bare)}",
            Ratio = $"{figure / bare:0.00}x",
            Remark = "wrk, 1 thread, 64 connections; beside: the same pipeline on GET /server",
        });
    }

    private static async Task<double> WrkAsync(ServerProcess server, string path, string accessToken, int seconds)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "-t1", "-c64", string.Create(CultureInfo.InvariantCulture, $"-d{seconds}s"), "-H", "Authorization: Bearer " + accessToken, new Uri(server.Url, path).ToString() })
            start.ArgumentList.Add(argument);
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        if (output.Contains("Non-2xx", StringComparison.Ordinal))
            throw new InvalidOperationException("wrk saw errors:\n" + output);
        return double.Parse(RequestsPerSecond().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Requests/sec:\s+([0-9.]+)")]
    private static partial Regex RequestsPerSecond();
}
