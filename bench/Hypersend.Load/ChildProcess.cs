using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Hypersend.Load;

/// <summary>A server under load, whoever made it: a process of its own on a free port of this machine.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process, Uri url, TimeSpan startedIn)
    {
        _process = process;
        Url = url;
        StartedIn = startedIn;
    }

    public Uri Url { get; }

    public int Id => _process.Id;

    /// <summary>From the start of the process to its first "ready".</summary>
    public TimeSpan StartedIn { get; }

    public static Uri FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
    }

    /// <summary>Starts it and returns when <paramref name="readyPath"/> of <paramref name="url"/> answers with 200.</summary>
    public static async Task<ChildProcess> StartAsync(ProcessStartInfo start, Uri url, string readyPath)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var probe = new HttpClient { BaseAddress = url };
        var began = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginErrorReadLine();
        while (!await IsReadyAsync(probe, readyPath))
        {
            if (process.HasExited)
                throw new InvalidOperationException(start.FileName + " ended while starting.");
        }

        return new ChildProcess(process, url, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Resident memory of the process in bytes.</summary>
    public long Resident()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>How long processors have worked for it and for the workers it started, in the program and in the system.</summary>
    public TimeSpan Worked() => WorkedBy(_process.Id);

    /// <summary>SIGTERM, as an operator would; returns when the process has drained and gone.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited)
            return;
        using var kill = Process.Start("kill", _process.Id.ToString(CultureInfo.InvariantCulture));
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private static TimeSpan WorkedBy(int id)
    {
        using var one = Process.GetProcessById(id);
        var workers = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/task/{id}/children"));
        return workers.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(one.TotalProcessorTime, (sum, worker) => sum + WorkedBy(int.Parse(worker, CultureInfo.InvariantCulture)));
    }

    private static async Task<bool> IsReadyAsync(HttpClient probe, string path)
    {
        try
        {
            using var answer = await probe.GetAsync(path);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
