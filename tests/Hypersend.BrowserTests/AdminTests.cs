using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>What whoever runs the server sets for others, and for all.</summary>
public sealed class AdminTests(Chromium chromium)
{
    [Fact]
    public async Task A_limit_is_kept_as_it_was_written_and_none_stays_none()
    {
        await using var server = await AppServer.StartAsync();
        using var ruth = await server.SignUpAsync("ruth");
        var seth = await server.SignUpAsync("seth");
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("ruth", "/admin");
        var row = page.Locator(".admin-person", new() { HasText = "@seth" });
        foreach (var (typed, shown, kept) in new[] { ("1.5", "Storage limit: 1.5 GB", 1_500_000_000L), ("0", "Storage limit: ∞", 0), ("٢", "Storage limit: 2 GB", 2_000_000_000L) })
        {
            await LimitAsync(page, typed);
            await Expect(row).ToContainTextAsync(shown);
            Assert.Equal(kept, (await seth.Accounts.GetMeAsync()).QuotaBytes);
        }

        // What no server could keep is not sent, and what was there is there again.
        await LimitAsync(page, "99999999999999");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByText("Please check what you entered.")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await LimitAsync(page, null);
        await Expect(row).ToContainTextAsync("Storage limit: 2 GB");
        await LimitAsync(page, "");
        await Expect(row).Not.ToContainTextAsync("Storage limit");

        await MenuAsync(page, "Log out everywhere");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        Assert.NotNull(await seth.Users.GetMeAsync());
        await MenuAsync(page, "Log out everywhere");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Log out everywhere" }).ClickAsync();
        await page.ExpectToastAsync("seth was logged out everywhere");

        await Town.GoAsync(page, "/admin/server");
        await page.Field("Name").FillAsync(" ");
        await page.Button("Save").ClickAsync();
        await page.ExpectFaultAsync("Name", "Please fill in this field.");
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Whom_one_looks_for_is_found_though_no_contact_and_a_failure_is_not_nobody()
    {
        await using var server = await AppServer.StartAsync();
        await server.SignUpAsync("tilda");
        await server.SignUpAsync("ulrike");
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "503");
        await page.EnterAsync("tilda", "/contacts");
        await page.GetByLabel("Search people").FillAsync("nobody_of_that_name");
        await Expect(page.GetByText("Nothing found")).ToBeVisibleAsync();
        await page.GetByLabel("Search people").FillAsync("ulri");
        await Expect(page.Locator(".person-row", new() { HasText = "@ulrike" })).ToBeVisibleAsync();

        await Town.GoAsync(page, "/");
        await page.RouteAsync("**/users/search*", route => route.FulfillAsync(new() { Status = 503, Body = "" }));
        await page.Button("New").ClickAsync();
        await page.MenuItem("New chat").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Search people").FillAsync("ulri");
        await Expect(dialog.GetByText("The server can't answer at the moment.")).ToBeVisibleAsync();
        await Expect(dialog.GetByText("Nothing found")).ToHaveCountAsync(0);
        await page.UnrouteAllAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(dialog.Locator(".person-row", new() { HasText = "@ulrike" })).ToBeVisibleAsync();
        complaints.ShouldBeNone();
    }

    private static async Task LimitAsync(IPage page, string? typed)
    {
        await MenuAsync(page, "Storage limit");
        var field = page.GetByRole(AriaRole.Dialog).GetByLabel("Limit in GB (optional)");
        if (typed is not null) await field.FillAsync(typed);
        await field.PressAsync("Enter");
    }

    private static async Task MenuAsync(IPage page, string item)
    {
        await page.Button("What to do with seth").ClickAsync();
        await page.MenuItem(item).ClickAsync();
    }
}
