namespace Hypersend.Load;

/// <summary>How long the published build takes from exec to "ready", with an empty folder and with one that has a database.</summary>
internal static class StartScenario
{
    private const int Rounds = 7;

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var first = new Samples();
        for (var round = 0; round < Rounds; round++)
        {
            await using var server = await ServerProcess.StartAsync(options);
            first.Add(server.StartedIn);
        }

        report.Add(new Row("start to ready, empty folder", $"{Report.Number(first.Rank(0.5))} ms")
        {
            Must = "< 1,200 ms",
            Aim = "600 ms",
            Remark = $"median of {Rounds}, worst {Report.Number(first.Rank(1))} ms; makes keys and schema",
        });
    }
}
