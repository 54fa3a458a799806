using System.Diagnostics;
using System.Globalization;
using Hypersend.FaultTests.Processes;
using Hypersend.Server;
using Microsoft.AspNetCore.Builder;

namespace Hypersend.BrowserTests;

/// <summary>
/// The server as a process of its own, so that it can be killed as a power cut would kill it. What comes after it on the same port
/// and folder runs in the test's process, where it starts faster.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("hypersend-process-").FullName;
    private Process? _process;
    private WebApplication? _successor;

    private ServerProcess(Uri address) => Address = address;

    public Uri Address { get; }

    private string[] Settings => [$"--urls={Address}", $"--DATA_ROOT={_data}", "--RATE_LIMITS=off", "--PASSWORD_COST=4", "--LOG_LEVEL=error"];

    public static async Task<ServerProcess> StartAsync()
    {
        var server = new ServerProcess(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Next()}")));
        await server.RunAsync();
        return server;
    }

    public async Task StartAgainAsync()
    {
        await _process!.WaitForExitAsync();
        _successor = await HypersendHost.StartAsync(Settings);
    }

    private async Task RunAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "hypersend-server.dll"), .. Settings])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
        // Nobody reads what it says, but a full pipe would stop it.
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var client = new HttpClient { BaseAddress = Address };
        while (!await AnswersAsync(client)) Assert.False(_process.HasExited, "The server ended at its start.");
    }

    public void Kill() => _process!.Kill();

    public async ValueTask DisposeAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        if (_successor is not null)
        {
            // Only a stop waits for the work beside the requests, which writes in the folder.
            await _successor.StopAsync();
            await _successor.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/health", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            await Task.Delay(50);
            return false;
        }
    }
}
