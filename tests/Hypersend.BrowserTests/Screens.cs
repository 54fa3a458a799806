using System.Text.Json;
using Microsoft.Playwright;

namespace Hypersend.BrowserTests;

/// <summary>What every screen must keep, in both themes: reachable for everybody, no sideways scroll.</summary>
internal sealed class Screens(IPage page, string size)
{
    private const int Narrowest = 320;

    private const string RunAxe = """
        async () => {
          const { violations } = await axe.run(document, { resultTypes: ["violations"] });
          return violations
            .filter((found) => found.impact === "serious" || found.impact === "critical")
            .map((found) => `${found.impact} ${found.id}: ` + found.nodes.map((node) => node.target.join(" ")).join(", "));
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

    private async Task ExpectNoSidewaysScrollAsync(string screen)
    {
        var over = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(over <= 0, $"{screen} scrolls sideways by {over} px.");
    }

    private async Task ExpectAxeSilentAsync(string screen)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            // Evaluated by the debugger, which the content security policy does not bind; so the page keeps its policy.
            await page.EvaluateAsync(await File.ReadAllTextAsync(Repository.Axe));
        }

        var found = await page.EvaluateAsync<JsonElement>(RunAxe);
        Assert.True(found.GetArrayLength() == 0, $"{screen}: {found}");
    }
}
