using Microsoft.Playwright;

namespace Hypersend.BrowserTests;

/// <summary>The system's Chromium, driven by Playwright. Nothing is downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>A name of this machine that is not "localhost".</summary>
    public const string OtherHost = "hypersend.home.arpa";

    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",

        // A page of another origin would need a click of its reader before it may talk to a server on this machine. Two pages
        // that look for a direct line have to find each other without a network that spreads their made-up names.
        "--disable-features=LocalNetworkAccessChecks,WebRtcHideLocalIpsWithMdns",

        // What a phone in the same house would see, where the browser trusts nothing that comes without https.
        $"--host-resolver-rules=MAP {OtherHost} 127.0.0.1",
    ];

    // A machine that builds something else meanwhile is slow, not wrong.
    private const float Patience = 60_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private static string ExecutablePath => Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "/usr/bin/chromium";

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(ExecutablePath)) return;
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = ExecutablePath, Args = Flags });
    }

    /// <summary>A fresh person: own cookies and storage. Skips the test where there is no browser.</summary>
    public async Task<IBrowserContext> OpenAsync(Uri server, int width, int height, bool hasTouch = false)
    {
        Assert.SkipUnless(_browser is not null, $"There is no Chromium at {ExecutablePath} (CHROMIUM_PATH names another place).");
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = server.ToString(),
            Locale = "en-GB",
            ViewportSize = new() { Width = width, Height = height },
            HasTouch = hasTouch,
            // A colour in the middle of its transition has no contrast to speak of.
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
    }
}
