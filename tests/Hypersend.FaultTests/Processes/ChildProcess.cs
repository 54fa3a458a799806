using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Hypersend.FaultTests.Processes;

/// <summary>A program that can be killed, stopped and started again, with what it said last.</summary>
internal sealed class ChildProcess(string program, IReadOnlyList<string> arguments, string folder)
{
    private const int LinesKept = 200;

    private readonly Queue<string> _said = new();
    private Process? _process;

    public int Id => _process!.Id;

    public bool HasExited => _process is not { HasExited: false };

    /// <summary>The last lines of all its lives.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said);
        }
    }

    public void Start()
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>SIGKILL, also to all that it started: nothing is written, flushed or said any more.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        await EndedAsync();
    }

    /// <summary>SIGTERM; gives the exit code when it has ended.</summary>
    public async Task<int> StopAsync(TimeSpan patience)
    {
        using var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process!.WaitForExitAsync().WaitAsync(patience);
        var code = _process.ExitCode;
        await EndedAsync();
        return code;
    }

    /// <summary>Waits until it is ready, again and again asked; gives up when it ends before.</summary>
    public async Task ReadyAsync(Func<CancellationToken, Task<bool>> isReady, TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await IsReadyAsync(isReady, late.Token))
        {
            if (HasExited)
                throw new InvalidOperationException($"{program} ended while it started:\n{Said}");
            if (late.IsCancellationRequested)
                throw new TimeoutException($"{program} was not ready in {patience}:\n{Said}");
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Whether somebody takes connections there.</summary>
    public static async Task<bool> ListensAsync(int port, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
        return true;
    }

    private static async Task<bool> IsReadyAsync(Func<CancellationToken, Task<bool>> isReady, CancellationToken cancellation)
    {
        try
        {
            return await isReady(cancellation);
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or IOException or OperationCanceledException)
        {
            // Nobody is there yet.
            return false;
        }
    }

    private async Task EndedAsync()
    {
        await _process!.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    private void Note(string? line)
    {
        if (line is null)
            return;
        lock (_said)
        {
            _said.Enqueue(line);
            if (_said.Count > LinesKept)
                _said.Dequeue();
        }
    }
}
