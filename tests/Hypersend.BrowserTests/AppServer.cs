using System.Globalization;
using Hypersend.Contracts.Accounts;
using Hypersend.FaultTests.Processes;
using Hypersend.Sdk;
using Hypersend.Server;
using Hypersend.ServerTests.Fixture;
using Microsoft.AspNetCore.Builder;

namespace Hypersend.BrowserTests;

/// <summary>
/// The whole server with its web app, in this process, on a port and in a folder of its own. Shared by the classes that
/// want nothing special of it, it has an admin already; a test that wants other settings starts one of its own.
/// </summary>
public sealed class AppServer : IAsyncLifetime
{
    private readonly string? _given;
    private readonly string[] _settings;
    private readonly string _data = Directory.CreateTempSubdirectory("hypersend-browser-").FullName;
    private readonly List<IDisposable> _made = [];
    private WebApplication? _app;

    public AppServer()
        : this([]) => _given = Environment.GetEnvironmentVariable("BROWSER_TEST_URL");

    private AppServer(string[] settings) => _settings = settings;

    /// <summary>Where it answers; BROWSER_TEST_URL names a running server to look at instead.</summary>
    public Uri Address { get; private set; } = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Next()}"));

    internal Mailbox Mail { get; private set; } = null!;

    /// <summary>What all its files take, the database among them.</summary>
    internal long DiskBytes => new DirectoryInfo(_data).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);

    /// <summary>A server with these settings over the usual ones, and nobody on it.</summary>
    internal static async Task<AppServer> StartAsync(params string[] settings)
    {
        var server = new AppServer(settings);
        await server.StartAgainAsync();
        return server;
    }

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        if (_given is not null)
        {
            Address = new Uri(_given);
            return;
        }

        await StartAgainAsync();
        using var client = new HttpClient { BaseAddress = Address };
        using var page = await client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.True(page.IsSuccessStatusCode, "The server has no web app at '/': it was built with SkipWeb, or HypersendHost does not call AddWebApp() and MapWebApp().");
        await SignUpAsync("admin");
    }

    /// <summary>A person on this server, with the password <see cref="Steps.Password"/>; the first one is its admin.</summary>
    internal async Task<HypersendClient> SignUpAsync(string username)
    {
        var client = new HypersendClient(Address);
        _made.Add(client);
        await client.Accounts.RegisterAsync(new RegisterRequest { Username = username, Email = $"{username}@example.org", Password = Steps.Password, Name = username });
        return client;
    }

    /// <summary>Starts it, again on the same port when it ran before.</summary>
    internal async Task StartAgainAsync()
    {
        _app = await HypersendHost.StartAsync(
            [$"--urls={Address}", $"--DATA_ROOT={_data}", "--RATE_LIMITS=off", "--PASSWORD_COST=4", "--LOG_LEVEL=warning", .. _settings]);
        Address = new Uri(_app.Urls.First());
        Mail ??= new Mailbox(Path.Combine(_data, "mail"));
    }

    internal async Task StopAsync()
    {
        if (_app is null) return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var made in _made) made.Dispose();
        Mail?.Dispose();
        await StopAsync();
        Directory.Delete(_data, recursive: true);
    }
}
