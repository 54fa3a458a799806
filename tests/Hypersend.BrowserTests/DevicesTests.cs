using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class DevicesTests(AppServer server, Chromium chromium)
{
    private const string LoggedOut = "You have been logged out. Please log in again.";

    [Fact]
    public async Task A_device_that_is_logged_out_from_another_falls_to_the_sign_in_page()
    {
        await using var first = await chromium.OpenAsync(server.Address, 1280, 800);
        await using var second = await chromium.OpenAsync(server.Address, 400, 850);
        var (page, other) = (await first.NewPageAsync(), await second.NewPageAsync());
        var complaints = new Complaints(page, "401");
        await page.RegisterAsync("dan");
        await other.LogInAsync("dan");
        await other.GotoAsync("/");
        await Expect(other.Locator(".status-line")).ToHaveCountAsync(0);
        var dan = await Kept.OwnerAsync(other);
        await Kept.RecordsAsync(other, dan, "chats", 1);

        await page.OpenAsync("devices");
        await Expect(page.Heading("2 devices are logged in")).ToBeVisibleAsync();
        await page.Button("Log out Chrome on Linux").ClickAsync();
        await page.ExpectToastAsync("Device logged out");
        await Expect(page.Heading("1 device is logged in")).ToBeVisibleAsync();
        await other.ExpectSignInPageAsync();
        await Expect(other.GetByText(LoggedOut)).ToBeVisibleAsync();
        // Whoever has that device now finds nothing of what was said.
        await Kept.RecordsAsync(other, dan, "chats", 0, 0);

        // And all at once, this one too.
        await other.LogInAsync("dan");
        await page.Button("Log out everywhere").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Log out everywhere" }).ClickAsync();
        await page.ExpectSignInPageAsync();
        await other.ReloadAsync();
        await other.ExpectSignInPageAsync();
        // Only who did not do it is told.
        await Expect(page.GetByText(LoggedOut)).ToHaveCountAsync(0);
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Tabs_of_one_browser_keep_together_and_never_mix_two_accounts()
    {
        await server.SignUpAsync("zoe");
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        await context.Clock.InstallAsync();
        var (page, tab) = (await context.NewPageAsync(), await context.NewPageAsync());
        await tab.GotoAsync("/login");
        await page.RegisterAsync("yann");
        // The other tab comes in as well, and out again.
        await tab.ArriveAsync();
        await tab.LogOutAsync();
        await page.ExpectSignInPageAsync();
        await page.LogInAsync("yann");
        await Expect(tab.Heading("Settings")).ToBeVisibleAsync();

        // Another account takes over the browser's cookie, unknown to the tab until it renews its token.
        await tab.GotoAsync("/icon.svg");
        await tab.EvaluateAsync("""
            async ([login, password]) => {
              const body = JSON.stringify({ login, password, session: "cookie" });
              await fetch("/api/v1/auth/login", { method: "POST", headers: { "Content-Type": "application/json" }, body });
            }
            """, new[] { "zoe", Steps.Password });
        await page.Clock.FastForwardAsync("20:00");
        await Expect(page.Heading("Another account is logged in")).ToBeVisibleAsync();
        await page.Button("Go on with the other account").ClickAsync();
        await page.ArriveAsync();
        await Expect(page.GetByText("@zoe").First).ToBeVisibleAsync();
    }
}
