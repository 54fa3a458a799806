using Hypersend.Contracts.Chats;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>Several messages are chosen, and something is done to all of them.</summary>
public sealed class ChooseTests(AppServer server, Chromium chromium)
{
    private const int Messages = 300;

    [Fact]
    public async Task All_that_are_chosen_are_forwarded_in_the_order_of_the_chat_also_what_the_list_has_left_behind()
    {
        var wilf = await server.SignUpAsync("wilf");
        var chat = await wilf.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Ledger" });
        await wilf.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Shelf" });
        // The first of the chat says that it was made.
        for (var seq = 2; seq <= Messages; seq++) await wilf.Messages.SendAsync(new() { ChatId = chat.Id, Content = $"Line {seq}." });
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("wilf", $"/c/{chat.Id}/m/6");

        await page.Stored("Line 6.").ClickAsync(new() { Button = MouseButton.Right });
        await page.MenuItem("Select").ClickAsync();
        await page.Locator("[data-seq='4']").ClickAsync();
        await page.Locator("button.to-end").ClickAsync();
        await page.Locator($"[data-seq='{Messages}']").ClickAsync();
        await Expect(page.Stored("Line 6.")).ToHaveCountAsync(0);
        var bar = page.Locator(".choose-bar");
        await Expect(bar.GetByRole(AriaRole.Status)).ToHaveTextAsync("Selected: 3");
        await bar.GetByRole(AriaRole.Button, new() { Name = "Forward" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByText("Shelf").ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        await Expect(page.Locator(".main-pane").GetByRole(AriaRole.Heading, new() { Name = "Shelf" })).ToBeVisibleAsync();
        await Expect(page.Locator(".entry[data-seq] .words")).ToHaveTextAsync(["Line 4.", "Line 6.", $"Line {Messages}."]);
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Escape_and_Back_end_the_choosing_before_they_leave_the_chat()
    {
        var vito = await server.SignUpAsync("vito");
        var chat = await vito.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Cellar" });
        await vito.Messages.SendAsync(new() { ChatId = chat.Id, Content = "Twelve bottles" });
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("vito", "/");
        await page.Locator(".chat-row", new() { HasText = "Cellar" }).ClickAsync();

        await ChooseAsync(page);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".choose-bar")).ToHaveCountAsync(0);
        await Expect(page.Stored("Twelve bottles")).ToBeVisibleAsync();
        // What closes takes its place in the history with it, a moment later.
        await page.WaitForFunctionAsync("() => !history.state?.overlay");

        await ChooseAsync(page);
        await page.GoBackAsync();
        await Expect(page.Locator(".choose-bar")).ToHaveCountAsync(0);
        await Expect(page.Stored("Twelve bottles")).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page.Heading("Chats")).ToBeVisibleAsync();
        await Expect(page.Stored("Twelve bottles")).ToHaveCountAsync(0);
        complaints.ShouldBeNone();
    }

    /// <summary>Until the bar has the place in the history that the menu had.</summary>
    private static async Task ChooseAsync(IPage page)
    {
        await page.Locator(".entry .meta").ClickAsync(new() { Button = MouseButton.Right });
        await Expect(page.MenuItem("Select")).ToBeVisibleAsync();
        var menu = await page.EvaluateAsync<int>("() => history.state.overlay");
        await page.MenuItem("Select").ClickAsync();
        await Expect(page.Locator(".choose-bar")).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("menu => history.state?.overlay > menu", menu);
    }
}
