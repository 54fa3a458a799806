using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>What lies on a screen for a moment is as much for everybody as the screen: menus, dialogs, the light box, the picker.</summary>
public sealed class OverlayTests(AppServer server, Chromium chromium)
{
    private const string Menu = ":popover-open";
    private const string Dialog = "dialog[open]";

    /// <summary>Where it is opened, by which presses, and what it then is.</summary>
    private static readonly (string Name, int Screen, string Over, Func<IPage, Task> Open)[] Overlays =
    [
        ("main menu", 0, Menu, page => page.Button("Menu").ClickAsync()),
        ("status", 0, Menu, page => ChooseAsync(page, page.Button("Menu"), "Status: online")),
        ("new group", 0, Dialog, page => ChooseAsync(page, page.Button("New"), "New group")),
        ("new chat", 0, Dialog, page => ChooseAsync(page, page.Button("New"), "New chat")),
        ("keys", 0, Dialog, page => ChooseAsync(page, page.Button("Menu"), "Keyboard shortcuts")),
        ("switcher", 0, Dialog, page => page.Keyboard.PressAsync("Control+k")),
        ("message menu", 1, Menu, page => Own(page).ClickAsync(new() { Button = MouseButton.Right })),
        ("react", 1, Dialog, async page =>
        {
            await Own(page).ClickAsync(new() { Button = MouseButton.Right });
            await page.Locator(".emoji-row .more").ClickAsync();
        }),
        ("forward", 1, Dialog, page => OfMessageAsync(page, "Forward")),
        ("receipts", 1, Dialog, page => OfMessageAsync(page, "Who has read it")),
        ("mute", 1, Dialog, page => ChooseAsync(page, page.Locator(".main-pane .bar [aria-haspopup=menu]"), "Mute")),
        ("send later", 1, Dialog, page => ChooseAsync(page, page.Locator(".main-pane .bar [aria-haspopup=menu]"), "Send later")),
        ("invite", 1, Dialog, page => ChooseAsync(page, page.Locator(".main-pane .bar [aria-haspopup=menu]"), "Invite link")),
        ("leave", 1, Dialog, page => ChooseAsync(page, page.Locator(".main-pane .bar [aria-haspopup=menu]"), "Leave")),
        ("emoji", 1, Menu, page => page.Button("Emoji").ClickAsync()),
        ("light box", 1, Dialog, page => page.Button("Preview").ClickAsync()),
        ("edit chat", 3, Dialog, page => page.Button("Edit").ClickAsync()),
        ("add people", 3, Dialog, page => page.Button("Add people").ClickAsync()),
    ];

    [Fact]
    public async Task Every_menu_dialog_and_the_light_box_are_for_everybody_on_a_phone()
    {
        var town = await Town.FoundAsync(server, "uli");
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("uli", "/");
        await Expect(page.Heading("Chats")).ToBeAttachedAsync();
        var screens = new Screens(page, "phone");
        foreach (var (name, screen, over, open) in Overlays)
        {
            await Town.GoAsync(page, town.Screens[screen]);
            await open(page);
            await Expect(page.Locator(over)).ToBeVisibleAsync();
            await Expect(page.Locator(over).Locator(".spinner, .skeleton")).ToHaveCountAsync(0);
            await screens.ReachAsync(name, over);
            await page.Keyboard.PressAsync("Escape");
            await Expect(page.Locator(over)).ToHaveCountAsync(0);
            // What closes takes its place in the history with it, a moment later.
            await page.WaitForFunctionAsync("() => !history.state?.overlay");
        }

        complaints.ShouldBeNone();
    }

    private static ILocator Own(IPage page) => page.Locator(".entry.own .meta").First;

    private static async Task ChooseAsync(IPage page, ILocator button, string item)
    {
        await button.ClickAsync();
        await page.MenuItem(item).ClickAsync();
    }

    private static async Task OfMessageAsync(IPage page, string item)
    {
        await Own(page).ClickAsync(new() { Button = MouseButton.Right });
        await page.MenuItem(item).ClickAsync();
    }
}
