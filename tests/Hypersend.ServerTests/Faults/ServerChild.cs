using System.Diagnostics;
using System.Globalization;
using System.Net;
using Hypersend.Contracts.Accounts;
using Hypersend.FaultTests.Processes;
using Hypersend.Sdk;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Faults;

/// <summary>The server as a process of its own, so that it can be killed as nothing in this process can.</summary>
internal sealed class ServerChild : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly ScratchFolder _folder = new();
    private readonly TestDatabase _database = new();
    private readonly HttpClient _probe;
    private Process? _process;

    private ServerChild()
    {
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Next()}"));
        _probe = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
    }

    public string DataRoot => _folder.Path;

    /// <summary>The same after every start.</summary>
    public Uri Address { get; }

    public static async Task<ServerChild> StartAsync()
    {
        var server = new ServerChild();
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the process, and returns when it answers.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "hypersend-server"))
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] settings = [$"--urls={Address}", $"--DATA_ROOT={_folder.Path}", "--RATE_LIMITS=off", "--PASSWORD_COST=4", "--LOG_LEVEL=warning"];
        foreach (var argument in (string[])[.. settings, .. await _database.SettingsAsync(_folder.Path)])
            start.ArgumentList.Add(argument);
        var said = new List<string?>();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        using var deadline = new CancellationTokenSource(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await IsReadyAsync(deadline.Token))
        {
            if (_process.HasExited)
                throw new InvalidOperationException("The server ended while it started: " + string.Join(" | ", said));
            await tick.WaitForNextTickAsync(deadline.Token);
        }

        void Note(string? line)
        {
            lock (said)
                said.Add(line);
        }
    }

    /// <summary>SIGKILL: nothing is written, flushed or said any more.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Somebody new, with the account's name as password.</summary>
    public async Task<HypersendClient> SignUpAsync(string name)
    {
        var client = new HypersendClient(Address);
        await client.Accounts.RegisterAsync(new RegisterRequest { Username = name, Email = name + "@example.org", Password = "a long password of " + name });
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
        _probe.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await _probe.GetAsync("/health/ready", cancellation);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            // Nobody listens yet, or is quick enough to answer.
            return false;
        }
    }
}
