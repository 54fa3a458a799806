using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Files;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>One browser, one tab, two people after each other: the second finds nothing of the first.</summary>
public sealed class NextPersonTests(AppServer server, Chromium chromium)
{
    private const string Paste = """
        () => {
          const bag = new DataTransfer();
          bag.items.add(new File(["mine"], "Diary of hanne.txt", { type: "text/plain" }));
          document.querySelector(".composer-box").dispatchEvent(new ClipboardEvent("paste", { clipboardData: bag, bubbles: true, cancelable: true }));
        }
        """;

    [Fact]
    public async Task What_lay_open_when_another_tab_logged_out_is_not_there_for_whoever_logs_in_next()
    {
        var hanne = await server.SignUpAsync("hanne_open");
        await server.SignUpAsync("henk_next");
        var chat = (await hanne.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Attic" })).Id;
        var picture = await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "src", "Hypersend.Web", "public", "icon-512.png"));
        var upload = await hanne.Files.InitAsync(new InitUploadRequest { Filename = "hanne.png", Size = picture.Length, Mime = "image/png", Width = 512, Height = 512, ChatId = chat });
        await hanne.Files.SendChunkAsync(upload.UploadId, 0, picture);
        await hanne.Files.CompleteAsync(upload.UploadId);
        Func<IPage, Task>[] openings =
        [
            page => page.Locator("button.media-box").ClickAsync(),
            page => page.EvaluateAsync(Paste),
            async page =>
            {
                await page.Locator(".entry[data-seq] .meta").First.ClickAsync(new() { Button = MouseButton.Right });
                await page.MenuItem("Forward").ClickAsync();
            },
        ];
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        // The address stays, and what is there is not the next person's.
        var complaints = new Complaints(page, "401", "404 /chats/");
        await page.EnterAsync("hanne_open", $"/c/{chat}");
        foreach (var open in openings)
        {
            await Expect(page.Locator("button.media-box")).ToBeVisibleAsync();
            await open(page);
            await Expect(page.Locator("dialog[open]")).ToBeVisibleAsync();

            var other = await context.NewPageAsync();
            await other.GotoAsync("/settings");
            await other.LogOutAsync();
            await other.CloseAsync();
            await page.ExpectSignInPageAsync();
            await page.TryToLogInAsync("henk_next");
            await Expect(page.Locator(".me-button")).ToBeVisibleAsync();
            await Expect(page.Locator("dialog")).ToHaveCountAsync(0);

            await Town.GoAsync(page, "/settings");
            await page.LogOutAsync();
            await page.TryToLogInAsync("hanne_open");
            await Expect(page.Locator(".me-button, .account-list").First).ToBeVisibleAsync();
            await Town.GoAsync(page, $"/c/{chat}");
        }

        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task What_somebody_looked_for_is_not_there_for_whoever_logs_in_next()
    {
        var hedda = await server.SignUpAsync("hedda_seeks");
        await server.SignUpAsync("hein_next");
        var chat = (await hedda.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Hedda's cellar" })).Id;
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "401");
        await page.EnterAsync("hedda_seeks", $"/c/{chat}");
        await page.Button("Search in this chat").ClickAsync();
        await page.Locator(".pane-search input").FillAsync("where the key is");
        await Expect(page.Locator(".chip.on")).ToContainTextAsync("Hedda's cellar");
        await page.GoBackAsync();
        await page.Locator(".me-button").ClickAsync();
        await page.MenuItem("Settings").ClickAsync();
        await page.LogOutAsync();

        await page.TryToLogInAsync("hein_next");
        await Town.GoAsync(page, "/");
        await page.Locator(".me-button").ClickAsync();
        await page.Locator(":popover-open").GetByRole(AriaRole.Menuitem, new() { Name = "Search" }).ClickAsync();
        await Expect(page.Locator(".pane-search input")).ToBeFocusedAsync();
        await Expect(page.Locator(".pane-search input")).ToHaveValueAsync("");
        await Expect(page.Locator(".chip.on")).ToHaveCountAsync(0);
        complaints.ShouldBeNone();
    }
}
