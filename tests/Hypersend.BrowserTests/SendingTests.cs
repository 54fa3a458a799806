using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>What is about to go, and what becomes of it when somebody leaves in between.</summary>
public sealed class SendingTests(AppServer server, Chromium chromium)
{
    private const string Paste = """
        (names) => {
          const bag = new DataTransfer();
          for (const name of names) bag.items.add(new File([name], name, { type: "text/plain" }));
          document.querySelector(".composer-box").dispatchEvent(new ClipboardEvent("paste", { clipboardData: bag, bubbles: true, cancelable: true }));
        }
        """;

    private const string Unsent = "Messages and files that have not been sent yet will be lost.";

    [Fact]
    public async Task What_is_pasted_goes_with_Enter_and_its_caption_has_lines_by_Shift()
    {
        var (page, chat, complaints, context) = await OpenAsync("pasquale");
        await using var closing = context;
        await page.EvaluateAsync(Paste, new[] { "One.txt", "Two.txt" });
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByLabel("Caption (optional)")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.GetByLabel("Download One.txt")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Download Two.txt")).ToBeVisibleAsync();

        await page.EvaluateAsync(Paste, new[] { "Three.txt" });
        await Expect(dialog.GetByLabel("Caption (optional)")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("The third");
        await page.Keyboard.PressAsync("Shift+Enter");
        await page.Keyboard.TypeAsync("of three");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Stored("The third")).ToContainTextAsync("of three");
        await Expect(page.GetByLabel("Download Three.txt")).ToBeVisibleAsync();
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Whoever_logs_out_with_something_unsent_is_asked_before_it_is_lost()
    {
        var (page, chat, complaints, context) = await OpenAsync("querida");
        await using var closing = context;
        await page.RouteAsync("**/files/init", route => route.FulfillAsync(new() { Status = 507, Body = """{"code":"quota_exceeded"}""", ContentType = "application/problem+json" }));
        await page.EvaluateAsync(Paste, new[] { "Late.txt" });
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Your storage is full. Delete files you no longer need.")).ToBeVisibleAsync();

        await Town.GoAsync(page, "/settings/devices");
        await page.Button("Log out everywhere").ClickAsync();
        await Expect(dialog.GetByText(Unsent)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await page.Button("Log out").ClickAsync();
        await Expect(dialog.GetByText(Unsent)).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Town.GoAsync(page, $"/c/{chat}");
        await Expect(page.Locator(".file-card", new() { HasText = "Late.txt" })).ToBeVisibleAsync();

        await Town.GoAsync(page, "/settings");
        await page.Button("Log out").ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
        await page.ExpectSignInPageAsync();
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task A_name_that_runs_against_the_language_leaves_the_sentence_as_it_is()
    {
        var dina = await server.SignUpAsync("dina_r");
        await dina.Users.UpdateMeAsync(new UpdateUserRequest { Name = "دينا" });
        var rami = await server.SignUpAsync("rami");
        var chat = (await dina.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Bazaar", MemberIds = [(await rami.Accounts.GetMeAsync()).Id] })).Id;
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        await page.EnterAsync("rami", $"/c/{chat}");
        // The name stands first, to the left of what is said of it, in the list as in the chat.
        foreach (var place in new[] { page.Locator(".chat-note .pill"), page.Locator(".chat-row .row-preview", new() { HasText = "created" }) })
        {
            await Expect(place).ToContainTextAsync("created this chat");
            Assert.True(await place.EvaluateAsync<bool>("""
                (one) => {
                  const text = [...one.childNodes].find((node) => node.nodeType === 3 && node.data.includes("created"));
                  const box = (from, to) => { const range = document.createRange(); range.setStart(text, from); range.setEnd(text, to); return range.getBoundingClientRect(); };
                  const [name, words] = [text.data.indexOf("دينا"), text.data.indexOf("created")];
                  return box(name, name + 4).right <= box(words, words + 7).left;
                }
                """), "The name has changed places with the words.");
        }
    }

    private async Task<(IPage Page, ChatId Chat, Complaints Complaints, IBrowserContext Context)> OpenAsync(string name)
    {
        var person = await server.SignUpAsync(name);
        var chat = (await person.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Parcels" })).Id;
        var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "507");
        await page.EnterAsync(name, $"/c/{chat}");
        await Expect(page.Field("Message")).ToBeVisibleAsync();
        return (page, chat, complaints, context);
    }
}
