using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Hypersend.EngineSpecs.Bus;

/// <summary>A redis-server of one test's own, to be killed, paused and started again.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    public const string Absent = "Redis is absent: redis-server is not installed";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string? _password;
    private Process _process;

    private RedisProcess(int port, string? password, Process process) => (Port, _password, _process) = (port, password, process);

    public static bool IsInstalled { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    public int Port { get; }

    /// <summary>As a setting.</summary>
    public string Setting => string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{Port}");

    /// <summary>Skips the test where Redis is not installed.</summary>
    public static async Task<RedisProcess> StartAsync(string? password = null)
    {
        Assert.SkipUnless(IsInstalled, Absent);
        for (var tries = 1; ; tries++)
        {
            // Somebody else may take the port before Redis does.
            var port = FreePort();
            if (await TryLaunchAsync(port, password) is { } process)
                return new RedisProcess(port, password, process);
            Assert.True(tries < 5, "redis-server does not start.");
        }
    }

    /// <summary>Without a word.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task StartAgainAsync()
    {
        var late = Stopwatch.StartNew();
        while (true)
        {
            if (await TryLaunchAsync(Port, _password) is { } process)
            {
                _process.Dispose();
                _process = process;
                return;
            }

            Assert.True(late.Elapsed < Limit, "redis-server does not start again.");
        }
    }

    /// <summary>Its connections stay, and nothing is answered.</summary>
    public Task PauseAsync() => SignalAsync("-STOP");

    public Task GoOnAsync() => SignalAsync("-CONT");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private static async Task<Process?> TryLaunchAsync(int port, string? password)
    {
        string[] login = password is null ? [] : ["--requirepass", password];
        string[] arguments = [.. login, "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath()];
        var process = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true })!;
        _ = process.StandardOutput.ReadToEndAsync();
        var late = Stopwatch.StartNew();
        while (!process.HasExited && late.Elapsed < Limit)
        {
            if (await AnswersAsync(port))
                return process;
            await Task.Delay(10);
        }

        if (!process.HasExited)
            process.Kill();
        process.Dispose();
        return null;
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());

            // PONG, or that it wants a password first.
            return await client.GetStream().ReadAsync(new byte[64]) > 0;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
