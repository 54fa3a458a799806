using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Hypersend.BrowserTests;

/// <summary>What a page and its workers hold, their heaps and the buffers behind them, looked at up to four times a second.</summary>
internal sealed class PageHeap : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ICDPSession _page;
    private readonly ConcurrentDictionary<string, double> _workers = new();
    private readonly CancellationTokenSource _end = new();
    private Task _looking = Task.CompletedTask;

    private PageHeap(ICDPSession page)
    {
        _page = page;
        page.Event("Target.attachedToTarget").OnEvent += (_, told) => _workers.TryAdd(SessionOf(told), 0);
        page.Event("Target.detachedFromTarget").OnEvent += (sender, told) => _workers.TryRemove(SessionOf(told), out _);
        page.Event("Target.receivedMessageFromTarget").OnEvent += (_, told) => Hear(told!.Value);
    }

    public double MostMegabytes { get; private set; }

    /// <summary>Added up from what each said last, garbage that is not collected yet included.</summary>
    public double MostWithWorkers { get; private set; }

    public int Looks { get; private set; }

    /// <summary>How many workers there were at most.</summary>
    public int Workers { get; private set; }

    public static async Task<PageHeap> WatchAsync(IPage page)
    {
        var heap = new PageHeap(await page.Context.NewCDPSessionAsync(page));
        await heap._page.SendAsync("Target.setAutoAttach", new() { ["autoAttach"] = true, ["waitForDebuggerOnStart"] = false, ["flatten"] = false });
        heap._looking = heap.LookAsync();
        return heap;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"at most {MostMegabytes:F0} MB, with its {Workers} workers {MostWithWorkers:F0} MB, in {Looks} looks");

    /// <summary>From then on its figures stay as they are.</summary>
    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await _looking;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    private static string SessionOf(JsonElement? told) => told!.Value.GetProperty("sessionId").GetString()!;

    private static double MegabytesIn(JsonElement usage) =>
        (usage.GetProperty("usedSize").GetDouble() + (usage.TryGetProperty("backingStorageSize", out var buffers) ? buffers.GetDouble() : 0)) / 1e6;

    private async Task LookAsync()
    {
        for (var look = 1; !_end.IsCancellationRequested; look++)
        {
            try
            {
                // The workers answer when they have time, and count with what they said last.
                foreach (var session in _workers.Keys)
                {
                    var message = JsonSerializer.Serialize(new { id = look, method = "Runtime.getHeapUsage" });
                    await _page.SendAsync("Target.sendMessageToTarget", new() { ["sessionId"] = session, ["message"] = message });
                }

                var own = MegabytesIn((await _page.SendAsync("Runtime.getHeapUsage"))!.Value);
                MostMegabytes = Math.Max(MostMegabytes, own);
                MostWithWorkers = Math.Max(MostWithWorkers, own + _workers.Values.Sum());
                Workers = Math.Max(Workers, _workers.Count);
                Looks++;
            }
            catch (PlaywrightException)
            {
                // A reload took the page or one of its workers from under the question.
            }

            await Task.Delay(Pause, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Hear(JsonElement told)
    {
        using var answer = JsonDocument.Parse(told.GetProperty("message").GetString()!);
        if (!answer.RootElement.TryGetProperty("result", out var usage) || !usage.TryGetProperty("usedSize", out _)) return;
        var session = SessionOf(told);
        if (_workers.TryGetValue(session, out var before)) _workers.TryUpdate(session, MegabytesIn(usage), before);
    }
}
