using System.Diagnostics;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class ScreenTests(AppServer server, Chromium chromium, ITestOutputHelper output)
{
    [Fact]
    public async Task Every_screen_is_there_for_everybody_in_both_themes()
    {
        var town = await Town.FoundAsync(server, "eva");
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("eva", "/");
        await Expect(page.Heading("Chats")).ToBeAttachedAsync();
        var screens = new Screens(page, "desk");
        foreach (var path in town.Screens)
        {
            await Town.GoAsync(page, path);
            await screens.ReachAsync(path);
        }

        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Every_screen_and_the_administration_are_there_for_everybody_on_a_phone_too()
    {
        await using var own = await AppServer.StartAsync();
        var town = await Town.FoundAsync(own, "ivo");
        await using var context = await chromium.OpenAsync(own.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("ivo", "/");
        await Expect(page.Heading("Chats")).ToBeAttachedAsync();
        var screens = new Screens(page, "phone");
        foreach (var path in town.Screens.Concat(["/admin", "/admin/server"]))
        {
            await Town.GoAsync(page, path);
            await screens.ReachAsync(path);
        }

        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Three_languages_fit_a_narrow_phone_and_leave_no_name_of_a_text_untranslated()
    {
        var town = await Town.FoundAsync(server, "gil");
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("gil", "/settings/appearance");
        var screens = new Screens(page, "phone");
        await ReadAsync(page, screens, town.Screens, ["de", "ar", "hi"]);

        complaints.ShouldBeNone();
    }

    [Fact]
    [Trait(Soak.Trait, Soak.Value)]
    public async Task Every_language_fits_every_screen_of_a_narrow_phone_and_leaves_no_name_of_a_text_untranslated()
    {
        await using var own = await AppServer.StartAsync();
        var town = await Town.FoundAsync(own, "gro");
        await using var context = await chromium.OpenAsync(own.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        var watch = Stopwatch.StartNew();
        await page.EnterAsync("gro", "/settings/appearance");
        await Expect(page.Locator(".field select")).ToBeVisibleAsync();
        var languages = await page.Locator(".field select option").EvaluateAllAsync<string[]>("all => all.map((one) => one.value)");
        Assert.Equal(15, languages.Distinct().Count());
        string[] inside = [.. town.Screens, "/admin", "/admin/server"];
        await ReadAsync(page, new Screens(page, "phone"), inside, languages);

        string[] doors = ["/login", "/register", "/forgot", "/reset"];
        foreach (var language in languages)
        {
            await using var stranger = await chromium.OpenAsync(own.Address, 400, 850);
            var door = await stranger.NewPageAsync();
            await door.AddInitScriptAsync($"Object.defineProperty(navigator, 'languages', {{ get: () => ['{language}'] }})");
            var screens = new Screens(door, "phone");
            foreach (var path in doors)
            {
                await door.GotoAsync(path);
                await Expect(door.Locator("html")).ToHaveAttributeAsync("lang", language);
                await Expect(door.GetByRole(AriaRole.Heading).First).ToBeVisibleAsync();
                await screens.ReadAsync($"{path}-{language}");
            }
        }

        output.WriteLine($"{languages.Length} languages on {inside.Length + doors.Length} screens at 320 and 400 px in {watch.Elapsed.TotalSeconds:F0} s: no raw key, no sideways scroll");
        complaints.ShouldBeNone();
    }

    private static async Task ReadAsync(IPage page, Screens screens, IReadOnlyList<string> paths, IEnumerable<string> languages)
    {
        foreach (var language in languages)
        {
            await Town.GoAsync(page, "/settings/appearance");
            await page.Locator(".field select").SelectOptionAsync(language);
            await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", language);
            foreach (var path in paths)
            {
                await Town.GoAsync(page, path);
                await screens.ReadAsync($"{path}-{language}");
            }
        }
    }
}
