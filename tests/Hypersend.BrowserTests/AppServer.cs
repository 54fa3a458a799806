using Hypersend.Server;
using Microsoft.AspNetCore.Builder;

namespace Hypersend.BrowserTests;

/// <summary>The whole server with its web app, in this process, on a port and in a folder of its own.</summary>
public sealed class AppServer : IAsyncLifetime
{
    private readonly string? _given = Environment.GetEnvironmentVariable("BROWSER_TEST_URL");
    private readonly string _data = Directory.CreateTempSubdirectory("hypersend-browser-").FullName;
    private WebApplication? _app;

    /// <summary>Where it answers; BROWSER_TEST_URL names a running server to look at instead.</summary>
    public Uri Address => new(_given ?? _app!.Urls.First());

    public async ValueTask InitializeAsync()
    {
        if (_given is not null) return;
        _app = await HypersendHost.StartAsync(
            ["--urls=http://127.0.0.1:0", $"--DATA_ROOT={_data}", "--RATE_LIMITS=off", "--PASSWORD_COST=4"]);
        using var client = new HttpClient { BaseAddress = Address };
        using var page = await client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.True(page.IsSuccessStatusCode, "The server has no web app at '/': it was built with SkipWeb, or HypersendHost does not call AddWebApp() and MapWebApp().");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
