using System.Collections.Concurrent;
using Hypersend.ServerTests.Fixture;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hypersend.ServerTests.Previews;

/// <summary>A server that looks at pages, and the pages: each path answers as a test said, and counts who asked.</summary>
public sealed class PageServer : IAsyncLifetime
{
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, (int Status, string Type, byte[] Body, string? Location)> _pages = new();
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private App? _app;

    public PageServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.MapGet("/{**path}", AnswerAsync);
    }

    internal App App => _app!;

    private string Address => _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        if (TestDatabase.Missing is null)
            _app = await App.StartAsync("--OUTBOUND_ALLOW_PRIVATE=on", "--LINK_PREVIEWS=on");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        await _server.DisposeAsync();
    }

    internal string Put(string path, string html, string type = "text/html; charset=utf-8") => Put(path, System.Text.Encoding.UTF8.GetBytes(html), type);

    internal string Put(string path, byte[] body, string type)
    {
        _pages[path] = (200, type, body, null);
        return $"{Address}/{path}";
    }

    internal string Redirect(string path, string to)
    {
        _pages[path] = (302, "text/html", [], to);
        return $"{Address}/{path}";
    }

    internal int Asked(string path) => _asked.GetValueOrDefault(path);

    private async Task AnswerAsync(HttpContext context, string path)
    {
        _asked.AddOrUpdate(path, 1, (_, count) => count + 1);
        if (!_pages.TryGetValue(path, out var page))
        {
            context.Response.StatusCode = 404;
            return;
        }

        context.Response.StatusCode = page.Status;
        context.Response.ContentType = page.Type;
        if (page.Location is { } location)
            context.Response.Headers.Location = location;
        await context.Response.Body.WriteAsync(page.Body);
    }
}
