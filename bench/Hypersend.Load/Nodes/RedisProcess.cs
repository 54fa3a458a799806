using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Hypersend.Load.Nodes;

/// <summary>A redis-server of its own on a free port; it keeps nothing.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private RedisProcess(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    /// <summary>How long processors have worked for it.</summary>
    public TimeSpan Worked()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>Null where there is none on this machine.</summary>
    public static async Task<RedisProcess?> StartAsync()
    {
        var url = new UriBuilder(ChildProcess.FreeUrl()) { Scheme = "redis" }.Uri;
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in new[] { "--port", url.Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no" })
            start.ArgumentList.Add(argument);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var began = Stopwatch.GetTimestamp();
        while (!await ListensAsync(url))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
                throw new InvalidOperationException("redis-server did not start.");
        }

        return new RedisProcess(process, url);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> ListensAsync(Uri url)
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(url.Host, url.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
