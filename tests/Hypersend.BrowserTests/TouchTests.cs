using Hypersend.Contracts.Chats;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>What a finger does on a phone, and what it must not do by accident.</summary>
public sealed class TouchTests(AppServer server, Chromium chromium)
{
    /// <summary>In one go, so that no machine is slow enough to make a finger that rests of it.</summary>
    private const string Pull = """
        (bubble, by) => {
          const box = bubble.getBoundingClientRect();
          const at = (x) => new Touch({ identifier: 1, target: bubble, clientX: box.left + x, clientY: box.top + 8 });
          const tell = (type, ...touches) => bubble.dispatchEvent(new TouchEvent(type, { touches, changedTouches: touches, bubbles: true, cancelable: true }));
          tell("touchstart", at(120));
          for (let part = 1; part <= 4; part++) tell("touchmove", at(120 - (by * part) / 4));
          tell("touchend");
        }
        """;

    [Fact]
    public async Task A_message_that_is_pulled_aside_is_answered_and_a_click_beside_a_dialog_loses_no_words()
    {
        var peg = await server.SignUpAsync("peg");
        var chat = (await peg.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Quay" })).Id;
        await peg.Messages.SendAsync(new() { ChatId = chat, Content = "Pull me over" });
        await peg.Messages.SendAsync(new() { ChatId = chat, Content = "Leave me where I am" });
        await using var context = await chromium.OpenAsync(server.Address, 400, 850, hasTouch: true);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("peg", $"/c/{chat}");
        await page.Stored("Leave me where I am").EvaluateAsync(Pull, 40);
        await page.Stored("Pull me over").EvaluateAsync(Pull, 90);
        await Expect(page.Locator(".composer-about")).ToContainTextAsync("Pull me over");

        // A keyboard on glass has no Shift+Enter.
        await page.Field("Message").PressSequentiallyAsync("One line");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("and one more");
        await Expect(page.Field("Message")).ToHaveValueAsync("One line\nand one more");
        await page.Button("Send").ClickAsync();
        await Expect(page.Stored("and one more")).ToContainTextAsync("One line");

        // The sheet of keys says so too.
        await Town.GoAsync(page, "/settings/keyboard");
        await Expect(page.Locator(".keys kbd:text-is('Ctrl') + kbd:text-is('Enter')")).ToHaveCountAsync(1);
        await Expect(page.Locator(".keys kbd:text-is('Shift') + kbd:text-is('Enter')")).ToHaveCountAsync(0);

        await Town.GoAsync(page, "/");
        await page.Button("New").ClickAsync();
        await page.MenuItem("New group").ClickAsync();
        await page.Field("Name").FillAsync("Half a name");
        await page.Mouse.ClickAsync(200, 6);
        await Expect(page.Field("Name")).ToHaveValueAsync("Half a name");
        // What a form ends with is in sight when a keyboard takes half of the screen.
        await page.SetViewportSizeAsync(400, 520);
        await Expect(page.Button("Create")).ToBeInViewportAsync(new() { Ratio = 1 });
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);
        complaints.ShouldBeNone();
    }
}
