using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Hypersend.ServerTests.Files.Tus;

/// <summary>The stock tus-js-client, running in Node; what it says comes line by line.</summary>
internal sealed class StockClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly Channel<JsonObject> _lines = Channel.CreateUnbounded<JsonObject>();

    private StockClient(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                _lines.Writer.TryComplete();
            else
                _lines.Writer.TryWrite(JsonNode.Parse(line.Data)!.AsObject());
        };
        process.ErrorDataReceived += (_, line) => TestContext.Current.SendDiagnosticMessage("tus-js-client: {0}", line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static StockClient Start(object job)
    {
        var folder = Path.Combine(Root(), "tests", "peers", "tus");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", "tus-js-client")), "tus-js-client is absent: npm ci in tests/peers/tus");
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(folder, "client.mjs"));
        start.ArgumentList.Add(JsonSerializer.Serialize(job));
        return new StockClient(Process.Start(start)!);
    }

    /// <summary>Reads on to the next of these events.</summary>
    public async Task<JsonObject> UntilAsync(params string[] events)
    {
        using var late = new CancellationTokenSource(Patience);
        await foreach (var line in _lines.Reader.ReadAllAsync(late.Token))
        {
            var name = line["event"]!.GetValue<string>();
            if (events.Contains(name))
                return line;
            if (name == "error")
                throw new InvalidOperationException("tus-js-client gave up: " + line["message"]);
        }

        throw new InvalidOperationException("tus-js-client ended without a word.");
    }

    /// <summary>Waits for its end; the answer is the address of the upload.</summary>
    public async Task<string> SucceedAsync()
    {
        var url = (await UntilAsync("success"))["url"]!.GetValue<string>();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, _process.ExitCode);
        return url;
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        return default;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Hypersend.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
