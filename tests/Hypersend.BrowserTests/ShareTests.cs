using Hypersend.Contracts.Chats;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class ShareTests(AppServer server, Chromium chromium)
{
    /// <summary>The form that the system posts when somebody shares something with an installed app.</summary>
    private const string Share = """
        () => {
          const form = document.createElement("form");
          form.action = "/share";
          form.method = "post";
          form.enctype = "multipart/form-data";
          for (const [name, value] of [["title", "Tides"], ["url", "https://example.org/tides"]]) {
            const field = document.createElement("input");
            field.name = name;
            field.value = value;
            form.append(field);
          }
          const files = document.createElement("input");
          files.type = "file";
          files.name = "files";
          const bag = new DataTransfer();
          bag.items.add(new File(["high at nine"], "tides.txt", { type: "text/plain" }));
          files.files = bag.files;
          form.append(files);
          document.body.append(form);
          form.submit();
        }
        """;

    [Fact]
    public async Task What_another_app_shares_goes_with_its_words_to_the_chat_that_is_chosen()
    {
        var sue = await server.SignUpAsync("sue");
        await sue.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Elsewhere" });
        var chat = await sue.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Harbour" });
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("sue", "/");
        await Kept.AppAsync(page);

        await page.EvaluateAsync(Share);
        await Expect(page.Locator(".shared")).ToContainTextAsync("tides.txt");
        await Expect(page.Locator(".shared")).ToContainTextAsync("https://example.org/tides");
        await page.Locator(".share-in .row-link", new() { HasText = "Harbour" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("tides.txt");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Expect(page.Locator(".file-card .verified")).ToHaveTextAsync("Verified");
        await Expect(page.Locator(".entry[data-seq] .words")).ToHaveTextAsync("Tides\nhttps://example.org/tides");
        Assert.Equal("tides.txt", Assert.Single((await sue.Files.ListOfChatAsync(chat.Id)).Items).Filename);

        // Taken once: whoever comes by the same address later finds nothing.
        await page.GotoAsync("/share");
        await Expect(page.GetByText("Nothing here")).ToBeVisibleAsync();

        // And what was not sent is not for the next one who logs in here.
        await page.EvaluateAsync(Share);
        await Expect(page.Locator(".shared")).ToContainTextAsync("tides.txt");
        await page.GotoAsync("/");
        await page.ArriveAsync();
        await page.LogOutAsync();
        await page.WaitForFunctionAsync("async () => !(await caches.has('hypersend-shared'))");
        complaints.ShouldBeNone();
    }
}
