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
}
