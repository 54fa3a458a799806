namespace Hypersend.Load;

/// <summary>The memory of a server that nobody uses.</summary>
internal static class IdleScenario
{
    public static async Task RunAsync(RunOptions options, Report report)
    {
        await using var server = await ServerProcess.StartAsync(options);
        await server.SignUpAsync("ana");
        var settled = server.Resident();
        report.Add(new Row("resident memory, idle", $"{Report.Number(settled / 1048576.0)} MiB") { Remark = "after one registration" });
    }
}
