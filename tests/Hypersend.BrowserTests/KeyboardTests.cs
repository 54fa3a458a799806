using Hypersend.Contracts.Chats;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class KeyboardTests(AppServer server, Chromium chromium)
{
    private const string Stops = ".messages :is(a, button):not([tabindex='-1'])";

    [Fact]
    public async Task A_person_without_a_mouse_finds_a_chat_talks_edits_answers_and_reads_the_table_of_keys()
    {
        var bea = await server.SignUpAsync("bea");
        await bea.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Orchard" });
        await bea.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Meadow" });
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        var keys = page.Keyboard;
        await page.EnterAsync("bea", "/");
        await Expect(page.GetByText("Orchard").First).ToBeVisibleAsync();

        // Once is enough, whatever was typed.
        await keys.PressAsync("Control+k");
        await Expect(page.GetByRole(AriaRole.Dialog).Locator("input")).ToBeFocusedAsync();
        await keys.TypeAsync("mead");
        await Expect(page.GetByRole(AriaRole.Dialog).GetByText("Orchard")).ToHaveCountAsync(0);
        await keys.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.WaitForFunctionAsync("() => !history.state?.overlay");

        await keys.PressAsync("Control+k");
        await Expect(page.GetByRole(AriaRole.Dialog).GetByText("Orchard")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).Locator("input")).ToBeFocusedAsync();
        await keys.TypeAsync("orch");
        await Expect(page.GetByRole(AriaRole.Dialog).GetByText("Meadow")).ToHaveCountAsync(0);
        await keys.PressAsync("Enter");
        await Expect(page.Field("Message")).ToBeFocusedAsync();

        await keys.TypeAsync("a");
        await keys.PressAsync("Control+a");
        await keys.PressAsync("Control+b");
        await keys.PressAsync("Enter");
        await Expect(page.Stored("a").Locator("strong")).ToHaveTextAsync("a");
        await Expect(page.Field("Message")).ToBeFocusedAsync();
        await keys.TypeAsync("first line");
        await keys.PressAsync("Shift+Enter");
        await keys.TypeAsync("second line");
        await keys.PressAsync("Enter");
        await Expect(page.Stored("second line")).ToContainTextAsync("first line");

        await keys.PressAsync("ArrowUp");
        await Expect(page.Field("Message")).ToHaveValueAsync("first line\nsecond line");
        await keys.PressAsync("Control+a");
        await keys.TypeAsync("Only one line");
        await keys.PressAsync("Enter");
        await Expect(page.Stored("Only one line")).ToContainTextAsync("edited");

        // Into the list, to the newest message, its menu, and the first thing in it: an answer.
        await page.GetByRole(AriaRole.Region, new() { Name = "Messages" }).FocusAsync();
        await keys.PressAsync("ArrowUp");
        await Expect(page.Locator(".entry[data-seq]").Last).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(page.MenuItem("Reply")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(page.Field("Message")).ToBeFocusedAsync();
        await keys.TypeAsync("An answer");
        await keys.PressAsync("Enter");
        await Expect(page.Stored("An answer").Locator(".quote")).ToContainTextAsync("Only one line");

        // Tab stops at what is in one row, the one that has the focus, and at nothing in the others.
        await Expect(page.Locator(Stops)).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Region, new() { Name = "Messages" }).FocusAsync();
        await keys.PressAsync("ArrowUp");
        await keys.PressAsync("Tab");
        await Expect(page.Stored("An answer").Locator(".quote")).ToBeFocusedAsync();
        await keys.PressAsync("Tab");
        await Expect(page.Locator(".entry[data-seq]", new() { HasText = "An answer" }).Locator(".entry-more")).ToBeFocusedAsync();
        await keys.PressAsync("Tab");
        await Expect(page.Locator(Stops)).ToHaveCountAsync(0);

        await keys.PressAsync("Alt+ArrowDown");
        await Expect(page.Locator(".bar-chat")).ToHaveTextAsync("Meadow");
        await page.Locator("body").PressAsync("Escape");
        await page.Locator("body").PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        complaints.ShouldBeNone();
    }
}
