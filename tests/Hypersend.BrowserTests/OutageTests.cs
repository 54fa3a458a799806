using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class OutageTests(Chromium chromium)
{
    [Fact]
    public async Task A_server_that_is_away_is_named_and_its_return_is_enough()
    {
        await using var server = await AppServer.StartAsync();
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        // A socket that asks while the server is on its way out or in is told 503.
        var complaints = new Complaints(page, "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "response code: 503");
        await page.RegisterAsync("olga");
        await page.OpenAsync("profile");

        await context.SetOfflineAsync(true);
        await page.Field("Display name").FillAsync("Olga O.");
        await page.Button("Save").ClickAsync();
        await page.ExpectNoticeAsync("No connection to the server. Check your network.");
        await page.Button("Back").ClickAsync();
        await page.Button("Log out").ClickAsync();
        await page.ExpectToastAsync("No connection to the server. Check your network.");
        await context.SetOfflineAsync(false);

        await server.StopAsync();
        await page.OpenAsync("devices");
        await Expect(page.Button("Try again")).ToBeVisibleAsync();
        await server.StartAgainAsync();
        await page.Button("Try again").ClickAsync();
        await Expect(page.Heading("1 device is logged in")).ToBeVisibleAsync();

        // A start without the server: the page comes for whoever was signed in here, its questions are not answered.
        await page.RouteAsync("**/api/**", route => route.AbortAsync());
        await page.ReloadAsync();
        await Expect(page.Button("Try again")).ToBeVisibleAsync();
        await page.UnrouteAllAsync();
        await page.Button("Try again").ClickAsync();
        await Expect(page.Heading("1 device is logged in")).ToBeVisibleAsync();
        complaints.ShouldBeNone();
    }
}
