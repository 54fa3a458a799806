using System.Diagnostics;
using System.Text.Json;

namespace Hypersend.Load;

/// <summary>The web app in a real browser: a script of src/Hypersend.Web/scripts measures, a line of JSON a figure, and this writes it down.</summary>
internal static class BrowserScenario
{
    public static Func<RunOptions, Report, Task> Of(string script) => (options, report) => RunAsync(script, options, report);

    private static async Task RunAsync(string script, RunOptions options, Report report)
    {
        await using var server = await ServerProcess.StartAsync(options, null, "--RATE_LIMITS=off");
        var web = Path.Combine(options.Root, "src", "Hypersend.Web");
        var start = new ProcessStartInfo("node") { WorkingDirectory = web, RedirectStandardOutput = true };
        start.ArgumentList.Add($"scripts/{script}");
        start.ArgumentList.Add(server.Url.ToString().TrimEnd('/'));
        if (options.Quick)
            start.ArgumentList.Add("--quick");
        using var node = Process.Start(start)!;
        while (await node.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith('{'))
                report.Add(Read(line));
        }

        await node.WaitForExitAsync();
        if (node.ExitCode != 0)
            throw new InvalidOperationException($"scripts/{script} ended with {node.ExitCode}.");
    }

    private static Row Read(string line)
    {
        using var told = JsonDocument.Parse(line);
        string Of(string name) => told.RootElement.TryGetProperty(name, out var value) ? value.GetString()! : "-";
        return new Row(Of("what"), Of("figure")) { Peer = Of("peer"), Ratio = Of("ratio"), Must = Of("must"), Remark = Of("remark") };
    }
}
