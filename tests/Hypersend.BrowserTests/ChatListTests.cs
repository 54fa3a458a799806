using Hypersend.Contracts.Chats;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class ChatListTests(AppServer server, Chromium chromium)
{
    [Fact]
    public async Task A_draft_is_shown_by_the_chat_one_has_left_not_by_the_one_in_which_it_is_being_written()
    {
        var wera = await server.SignUpAsync("wera");
        var open = (await wera.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Loft" })).Id;
        await wera.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Barn" });
        await wera.Messages.SendAsync(new() { ChatId = open, Content = "The last word" });
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("wera", $"/c/{open}");
        var preview = Row(page, "Loft").Locator(".row-preview");
        await Expect(preview).ToContainTextAsync("The last word");

        // Saved by the server, which tells all devices: from then on the list knows of it.
        var saved = page.WaitForRequestFinishedAsync(new() { Predicate = request => request.Url.EndsWith("/settings", StringComparison.Ordinal) && request.Method == "PUT" });
        await page.Field("Message").FillAsync("half a sentence");
        await saved;
        await Expect(preview).ToContainTextAsync("The last word");
        await Row(page, "Barn").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(preview).ToHaveTextAsync("Draft: half a sentence");
        await Row(page, "Loft").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(preview).ToContainTextAsync("The last word");
        await Expect(page.Field("Message")).ToHaveValueAsync("half a sentence");
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task A_draft_that_is_taken_back_on_one_device_goes_from_the_composer_of_the_other()
    {
        var xenia = await server.SignUpAsync("xenia");
        var chat = (await xenia.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Loft" })).Id;
        await using var desk = await chromium.OpenAsync(server.Address, 1280, 800);
        await using var pocket = await chromium.OpenAsync(server.Address, 400, 850);
        var (one, two) = (await desk.NewPageAsync(), await pocket.NewPageAsync());
        var complaints = new Complaints[] { new(one), new(two) };
        await one.EnterAsync("xenia", $"/c/{chat}");
        await two.EnterAsync("xenia", $"/c/{chat}");

        await one.Field("Message").FillAsync("half a sentence");
        await Expect(two.Field("Message")).ToHaveValueAsync("half a sentence", new() { Timeout = 30_000 });
        await two.Field("Message").FillAsync("");
        await Expect(one.Field("Message")).ToHaveValueAsync("", new() { Timeout = 30_000 });
        await one.ReloadAsync();
        await Expect(one.Field("Message")).ToHaveValueAsync("");
        foreach (var complaint in complaints) complaint.ShouldBeNone();
    }

    private static ILocator Row(IPage page, string name) => page.Locator(".list-pane .chat-row", new() { HasText = name });
}
