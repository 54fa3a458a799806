using System.Diagnostics;
using System.Globalization;
using System.Net;
using Hypersend.Tests;

namespace Hypersend.FaultTests.Processes;

/// <summary>One node: the server as a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>The server that was built with the tests.</summary>
    public static readonly string Present = Path.Combine(AppContext.BaseDirectory, "hypersend-server");

    private readonly ScratchFolder _folder = new();
    private readonly IReadOnlyList<string> _arguments;
    private readonly HttpClient _probe;
    private ChildProcess _process;

    /// <param name="program">The server's executable.</param>
    /// <param name="settings">Those that all nodes share.</param>
    public ServerProcess(string program, IReadOnlyList<string> settings)
    {
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Next()}"));
        _probe = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        _arguments = [$"--urls={Address}", $"--NODE_URL={Address}", $"--DATA_ROOT={_folder.Path}", .. settings];
        _process = new ChildProcess(program, _arguments, _folder.Path);
    }

    public Uri Address { get; }

    public string Said => _process.Said;

    /// <summary>Of its present life.</summary>
    public int Id => _process.Id;

    /// <summary>What its present life held resident at its peak, as the kernel counted it.</summary>
    public long MostMemory
    {
        get
        {
            using var process = Process.GetProcessById(Id);
            return process.PeakWorkingSet64;
        }
    }

    public string DataRoot => _folder.Path;

    /// <summary>Starts the process, and returns when it is ready for everything.</summary>
    public Task StartAsync()
    {
        _process.Start();
        return _process.ReadyAsync(IsReadyAsync, Patience);
    }

    /// <summary>The next start is of another version, in the same place; the process has ended.</summary>
    public void Become(string program) => _process = new ChildProcess(program, _arguments, _folder.Path);

    public Task KillAsync() => _process.KillAsync();

    /// <summary>SIGTERM, as an operator or an orchestrator does it; gives the exit code.</summary>
    public Task<int> StopAsync() => _process.StopAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _probe.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        using var answer = await _probe.GetAsync("/health/ready", cancellation);
        return answer.StatusCode == HttpStatusCode.OK;
    }
}
