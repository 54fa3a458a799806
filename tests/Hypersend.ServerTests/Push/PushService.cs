using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Hypersend.Contracts;
using Hypersend.Contracts.Push;
using Hypersend.Tests.Features.Push;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hypersend.ServerTests.Push;

/// <summary>A push service of the tests: it takes what it is sent, and each of its browsers decrypts what is theirs.</summary>
public sealed class PushService : IAsyncLifetime
{
    private readonly WebApplication _server;
    private int _counter;

    public PushService()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.MapPost("/send/{name}", TakeAsync);
    }

    private Dictionary<string, Browser> Browsers { get; } = [];

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        foreach (var browser in Browsers.Values)
            browser.Dispose();
    }

    internal Browser NewBrowser()
    {
        var name = Interlocked.Increment(ref _counter).ToString(CultureInfo.InvariantCulture);
        var address = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var browser = new Browser($"{address}/send/{name}");
        lock (Browsers)
            Browsers.Add(name, browser);
        return browser;
    }

    private async Task TakeAsync(HttpContext context, string name)
    {
        Browser browser;
        lock (Browsers)
            browser = Browsers[name];
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (browser.Slow is { } slow)
            await slow.WaitAsync(context.RequestAborted);
        var status = browser.NextStatus();
        context.Response.StatusCode = status;
        if (status is 429 or 503 && browser.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        browser.Take(status, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
    }
}

/// <summary>One browser: its keys, its endpoint, and what came for it.</summary>
internal sealed class Browser(string endpoint) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BrowserKeys _keys = new();
    private readonly Channel<Pushed> _tries = Channel.CreateUnbounded<Pushed>();
    private readonly Queue<int> _statuses = [];

    /// <summary>Answers of the push service come when this does.</summary>
    public Task? Slow { get; set; }

    public int? RetryAfter { get; set; }

    public string Endpoint => endpoint;

    public SubscribeRequest Subscription => new() { Endpoint = endpoint, Keys = new SubscribeKeys { P256dh = _keys.P256dh, Auth = _keys.Auth } };

    /// <summary>What the push service answers next; then 201 again.</summary>
    public void Answer(params HttpStatusCode[] statuses)
    {
        lock (_statuses)
        {
            foreach (var status in statuses)
                _statuses.Enqueue((int)status);
        }
    }

    public int NextStatus()
    {
        lock (_statuses)
            return _statuses.TryDequeue(out var status) ? status : 201;
    }

    public void Take(int status, Dictionary<string, string> headers, byte[] body)
    {
        var notice = JsonSerializer.Deserialize(_keys.Decrypt(body), HypersendJson.Wire.PushNotice)!;
        _tries.Writer.TryWrite(new Pushed(status, notice, headers, body.Length));
    }

    /// <summary>The next try to reach it.</summary>
    public async Task<Pushed> NextAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        try
        {
            return await _tries.Reader.ReadAsync(late.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException("No push came.", exception);
        }
    }

    /// <summary>What came and was not looked at.</summary>
    public IReadOnlyList<Pushed> Rest()
    {
        var rest = new List<Pushed>();
        while (_tries.Reader.TryRead(out var one))
            rest.Add(one);
        return rest;
    }

    public void Dispose() => _keys.Dispose();
}

/// <summary>A try to reach a browser, what it was answered, and what the browser reads.</summary>
internal sealed record Pushed(int Status, PushNotice Notice, IReadOnlyDictionary<string, string> Headers, int Bytes);
