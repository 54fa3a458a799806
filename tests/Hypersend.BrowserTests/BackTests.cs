using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Files;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class BackTests(AppServer server, Chromium chromium)
{
    [Fact]
    public async Task Back_on_a_phone_closes_what_lies_on_top_then_the_chat_and_then_the_app()
    {
        var abe = await server.SignUpAsync("abe");
        var chat = await abe.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Album" });
        var picture = await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "src", "Hypersend.Web", "public", "icon-512.png"));
        var upload = await abe.Files.InitAsync(new InitUploadRequest { Filename = "icon.png", Size = picture.Length, Mime = "image/png", Width = 512, Height = 512, ChatId = chat.Id });
        await abe.Files.SendChunkAsync(upload.UploadId, 0, picture);
        await abe.Files.CompleteAsync(upload.UploadId);
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("abe", "/");
        await page.Locator(".chat-row", new() { HasText = "Album" }).ClickAsync();
        await Expect(page.Locator(".entry[data-seq]")).ToBeVisibleAsync();

        await page.Locator("button.media-box").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        await page.Locator(".entry .meta").ClickAsync(new() { Button = MouseButton.Right });
        await Expect(page.GetByRole(AriaRole.Menu)).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Menu)).ToHaveCountAsync(0);
        await Expect(page.Locator(".entry[data-seq]")).ToBeVisibleAsync();

        await page.GoBackAsync();
        await Expect(page.Heading("Chats")).ToBeVisibleAsync();
        await Expect(page.Locator(".entry[data-seq]")).ToHaveCountAsync(0);
        await page.GoBackAsync();
        await Expect(page).ToHaveURLAsync("about:blank");
        complaints.ShouldBeNone();
    }

    /// <summary>The browser steps back when it pleases, and whatever came before that would be taken back with it.</summary>
    [Fact]
    public async Task A_chat_opens_from_a_dialog_however_long_the_browser_takes_to_step_back()
    {
        await server.SignUpAsync("bix");
        await server.SignUpAsync("bax");
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.AddInitScriptAsync(
            """
            const back = history.back.bind(history);
            globalThis.held = [];
            history.back = () => (globalThis.held ? globalThis.held.push(back) : back());
            """);
        var asked = new TaskCompletionSource();
        await page.RouteAsync("**/api/v1/chats", async route =>
        {
            if (route.Request.Method == "POST") await asked.Task;
            await route.ContinueAsync();
        });
        await page.EnterAsync("bix", "/");
        await page.Button("New").ClickAsync();
        await page.MenuItem("New chat").ClickAsync();
        await page.Locator("dialog[open] input").FillAsync("bax");
        await page.Locator("dialog[open] .row-link", new() { HasText = "@bax" }).ClickAsync();
        await page.WaitForFunctionAsync("() => held.length > 0");
        var made = page.WaitForResponseAsync(response => response.Request.Method == "POST" && response.Url.EndsWith("/api/v1/chats", StringComparison.Ordinal));
        asked.SetResult();
        await (await made).FinishedAsync();
        await page.EvaluateAsync("() => { const steps = held; held = null; for (const step of steps) step(); }");

        await Expect(page.Locator(".composer-box")).ToBeVisibleAsync();
        await page.WaitForURLAsync("**/c/*");
        await page.GoBackAsync();
        await Expect(page.Heading("Chats")).ToBeVisibleAsync();
        await Expect(page.Locator(".composer-box")).ToHaveCountAsync(0);
        complaints.ShouldBeNone();
    }
}
