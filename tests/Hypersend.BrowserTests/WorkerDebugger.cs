using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Hypersend.BrowserTests;

/// <summary>A debugger on the service worker of one context, which goes on when no page of the app is left.</summary>
internal sealed class WorkerDebugger : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ICDPSession _page;
    private readonly ICDPSession _browser;
    private readonly string _session;
    private readonly string _registration;
    private readonly string _origin;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<string>> _asked = new();
    private int _last;

    private WorkerDebugger(ICDPSession page, ICDPSession browser, string session, string registration, string origin)
    {
        (_page, _browser, _session, _registration, _origin) = (page, browser, session, registration, origin);
        _browser.Event("Target.receivedMessageFromTarget").OnEvent += (_, told) => Hear(told!.Value);
    }

    /// <param name="page">Any page of the context, of the app or not.</param>
    /// <param name="app">Where the worker comes from; it is there already.</param>
    public static async Task<WorkerDebugger> AttachAsync(IPage page, Uri app)
    {
        var debugger = await page.Context.NewCDPSessionAsync(page);
        var registered = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        debugger.Event("ServiceWorker.workerRegistrationUpdated").OnEvent += (_, told) =>
        {
            foreach (var registration in told!.Value.GetProperty("registrations").EnumerateArray())
                if (registration.GetProperty("scopeURL").GetString() == app.ToString()) registered.TrySetResult(registration.GetProperty("registrationId").GetString()!);
        };
        await debugger.SendAsync("ServiceWorker.enable");
        var registrationId = await registered.Task.WaitAsync(Patience);
        var context = (await debugger.SendAsync("Target.getTargetInfo"))!.Value.GetProperty("targetInfo").GetProperty("browserContextId").GetString();
        var browser = await page.Context.Browser!.NewBrowserCDPSessionAsync();
        var targets = (await browser.SendAsync("Target.getTargets"))!.Value.GetProperty("targetInfos").EnumerateArray();
        var worker = targets.Single(target => target.GetProperty("type").GetString() == "service_worker" && target.GetProperty("browserContextId").GetString() == context);
        var attached = await browser.SendAsync("Target.attachToTarget", new() { ["targetId"] = worker.GetProperty("targetId").GetString()!, ["flatten"] = false });
        return new WorkerDebugger(debugger, browser, attached!.Value.GetProperty("sessionId").GetString()!, registrationId, app.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>As the browser does when its push service has brought something and it has been decrypted.</summary>
    public Task DeliverAsync(string text) => _page.SendAsync("ServiceWorker.deliverPushMessage", new() { ["origin"] = _origin, ["registrationId"] = _registration, ["data"] = text });

    /// <summary>The text that a promise of the worker comes to.</summary>
    public async Task<string> EvaluateAsync(string expression)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _asked[id] = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = JsonSerializer.Serialize(new { id, method = "Runtime.evaluate", @params = new { expression, awaitPromise = true, returnByValue = true } });
        await _browser.SendAsync("Target.sendMessageToTarget", new() { ["sessionId"] = _session, ["message"] = message });
        return await answer.Task.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _page.DetachAsync();
        await _browser.DetachAsync();
    }

    private void Hear(JsonElement told)
    {
        if (told.GetProperty("sessionId").GetString() != _session) return;
        using var message = JsonDocument.Parse(told.GetProperty("message").GetString()!);
        if (!message.RootElement.TryGetProperty("id", out var id) || !_asked.TryRemove(id.GetInt32(), out var waiting)) return;
        if (message.RootElement.TryGetProperty("result", out var result) && result.TryGetProperty("result", out var value) && value.TryGetProperty("value", out var text) && text.ValueKind == JsonValueKind.String)
            waiting.SetResult(text.GetString()!);
        else
            waiting.SetException(new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The worker answered {message.RootElement}.")));
    }
}
