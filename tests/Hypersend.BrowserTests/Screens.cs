using System.Text.Json;
using Microsoft.Playwright;

namespace Hypersend.BrowserTests;

/// <summary>What every screen must keep, in both themes: reachable for everybody, no sideways scroll.</summary>
internal sealed class Screens(IPage page, string size)
{
    private const int Narrowest = 320;

    private const string RunAxe = """
        async ([scope, rules]) => {
          const { violations } = await axe.run(scope, { resultTypes: ["violations"], ...(rules.length > 0 ? { runOnly: { type: "rule", values: rules } } : {}) });
          return violations
            .filter((found) => found.impact === "serious" || found.impact === "critical")
            .map((found) => `${found.impact} ${found.id}: ` + found.nodes.map((node) => node.target.join(" ")).join(", "));
        }
        """;

    private const string RawKeys = """
        () => {
          const key = /^[a-z]+(\.[a-zA-Z]+)+$/;
          const said = [...document.querySelectorAll("body *")].flatMap((one) => [
            ...[...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data),
            one.getAttribute("aria-label"), one.getAttribute("title"), one.getAttribute("placeholder"),
          ]);
          return said.filter((text) => text && key.test(text.trim()));
        }
        """;

    public async Task CheckAsync(string name)
    {
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = theme });
            var screen = $"{name}-{size}-{theme.ToString().ToLowerInvariant()}";
            await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Screens, $"{screen}.png"), FullPage = true });
            await ExpectNoSidewaysScrollAsync(screen);
            await ExpectAxeSilentAsync(screen);
        }

        var usual = page.ViewportSize!;
        if (usual.Width > 600) return;
        await page.SetViewportSizeAsync(Narrowest, usual.Height);
        await ExpectNoSidewaysScrollAsync($"{name}-{Narrowest}");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Screens, $"{name}-{Narrowest}.png"), FullPage = true });
        await page.SetViewportSizeAsync(usual.Width, usual.Height);
    }

    /// <summary>For everybody, in both themes, without a picture. The dark one differs in its colours and in nothing else.</summary>
    /// <param name="name">What the test calls it.</param>
    /// <param name="scope">What of the page is looked at.</param>
    public async Task ReachAsync(string name, string scope = "html")
    {
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await ExpectAxeSilentAsync($"{name}-{size}-light", scope);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await ExpectAxeSilentAsync($"{name}-{size}-dark", scope, "color-contrast");
    }

    /// <summary>On a usual phone and on the narrowest: nothing to push aside, and no name of a text in place of the text.</summary>
    public async Task ReadAsync(string name)
    {
        foreach (var width in new[] { Narrowest, 400 })
        {
            await page.SetViewportSizeAsync(width, 850);
            await ExpectNoSidewaysScrollAsync($"{name}-{width}");
        }

        var keys = await page.EvaluateAsync<string[]>(RawKeys);
        Assert.True(keys.Length == 0, $"{name}: {string.Join(", ", keys)}");
    }

    private async Task ExpectNoSidewaysScrollAsync(string screen)
    {
        var over = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(over <= 0, $"{screen} scrolls sideways by {over} px.");
    }

    private async Task ExpectAxeSilentAsync(string screen, string scope = "html", params string[] rules)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            // Evaluated by the debugger, which the content security policy does not bind; so the page keeps its policy.
            await page.EvaluateAsync(await File.ReadAllTextAsync(Repository.Axe));
        }

        var found = await page.EvaluateAsync<JsonElement>(RunAxe, new object[] { scope, rules });
        Assert.True(found.GetArrayLength() == 0, $"{screen}: {found}");
    }
}
