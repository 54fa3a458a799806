using System.Text.RegularExpressions;
using Hypersend.Contracts.Chats;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed partial class ConversationTests(AppServer server, Chromium chromium)
{
    [Fact]
    public async Task Two_people_talk_edit_react_and_answer_in_a_thread_on_a_desk_and_on_a_phone()
    {
        var ida = await server.SignUpAsync("ida");
        var jon = await server.SignUpAsync("jon");
        var chat = await ida.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Harbour", MemberIds = [(await jon.Accounts.GetMeAsync()).Id] });
        await using var desk = await chromium.OpenAsync(server.Address, 1280, 800);
        await using var phone = await chromium.OpenAsync(server.Address, 400, 850);
        var (one, two) = (await desk.NewPageAsync(), await phone.NewPageAsync());
        var complaints = new[] { new Complaints(one), new Complaints(two) };
        await one.EnterAsync("ida", $"/c/{chat.Id}");
        await two.EnterAsync("jon", $"/c/{chat.Id}");

        await one.SayAsync("Hello from the **desk**");
        await Expect(two.Bubble("Hello from the desk").Locator("strong")).ToHaveTextAsync("desk");
        await Expect(Entry(one, "Hello from the desk").Locator(".ticks[data-state=read]")).ToBeVisibleAsync();

        await one.Keyboard.PressAsync("ArrowUp");
        await one.Field("Message").FillAsync("Hello from the *window*");
        await one.Keyboard.PressAsync("Enter");
        await Expect(two.Bubble("Hello from the window")).ToContainTextAsync("edited");

        await two.Bubble("Hello from the window").ClickAsync(new() { Button = MouseButton.Right });
        await two.Locator(".emoji-row .emoji").First.ClickAsync();
        await Expect(one.Bubble("Hello from the window").Locator(".reaction")).ToContainTextAsync("1");

        await two.Bubble("Hello from the window").ClickAsync(new() { Button = MouseButton.Right });
        await two.GetByRole(AriaRole.Menuitem, new() { Name = "Answer in a thread" }).ClickAsync();
        await two.SayAsync("Under it");
        await Expect(one.Bubble("Hello from the window")).ToContainTextAsync("1 answer");

        // Back on a phone goes from the thread to the chat, and from the chat to the list.
        await two.GoBackAsync();
        await Expect(two.Bubble("Hello from the window")).ToBeVisibleAsync();
        foreach (var complaint in complaints) complaint.ShouldBeNone();
    }

    [Fact]
    public async Task What_is_deleted_comes_back_with_undo_and_markup_stays_text()
    {
        var kim = await server.SignUpAsync("kim");
        var chat = await kim.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "<img src=x onerror=alert(1)>" });
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("kim", $"/c/{chat.Id}");
        await Expect(page.Locator(".bar-chat")).ToHaveTextAsync("<img src=x onerror=alert(1)>");

        await page.SayAsync("<script>alert(1)</script> [x](javascript:alert(1))");
        await Expect(page.Bubble("<script>alert(1)</script>")).ToBeVisibleAsync();
        await Expect(page.Locator(".bubble a")).ToHaveCountAsync(0);

        await page.Stored("<script>alert(1)</script>").ClickAsync(new() { Button = MouseButton.Right });
        await page.MenuItem("Delete").ClickAsync();
        await page.Button("Undo").ClickAsync();
        await Expect(Entry(page, "<script>alert(1)</script>")).Not.ToHaveClassAsync(Removing());

        // Whoever closes the page before the time for "Undo" is over has deleted it all the same.
        await page.Stored("<script>alert(1)</script>").ClickAsync(new() { Button = MouseButton.Right });
        await page.MenuItem("Delete").ClickAsync();
        await Expect(page.Button("Undo")).ToBeVisibleAsync();
        await page.CloseAsync();
        var later = await context.NewPageAsync();
        await later.GotoAsync($"/c/{chat.Id}");
        await Expect(later.Locator(".bubble.deleted")).ToBeVisibleAsync();
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Several_that_are_deleted_are_counted_and_come_back_together()
    {
        var mia = await server.SignUpAsync("mia");
        var chat = await mia.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Attic" });
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("mia", $"/c/{chat.Id}");
        foreach (var text in new[] { "first thing", "second thing" }) await page.SayAsync(text);
        await Expect(page.Stored("second thing")).ToBeVisibleAsync();

        await page.Stored("first thing").ClickAsync(new() { Button = MouseButton.Right });
        await page.MenuItem("Select").ClickAsync();
        await Entry(page, "second thing").ClickAsync();
        await page.Locator(".choose-bar").GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(page.Locator(".toast")).ToContainTextAsync("2 messages deleted");
        await page.Button("Undo").ClickAsync();
        foreach (var text in new[] { "first thing", "second thing" }) await Expect(Entry(page, text)).Not.ToHaveClassAsync(Removing());
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task The_menu_of_what_is_being_sent_stays_open_when_it_has_been_sent_and_is_about_what_it_became()
    {
        var lea = await server.SignUpAsync("lea");
        var chat = await lea.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Slow" });
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        var sending = new TaskCompletionSource();
        var mayGo = new TaskCompletionSource();
        await page.RouteWebSocketAsync("**/ws", socket =>
        {
            var onwards = socket.ConnectToServer();
            socket.OnMessage(frame => _ = PassAsync(frame.Text!, onwards));
        });
        await page.EnterAsync("lea", $"/c/{chat.Id}");

        // What is written before the first hello leaves with it in one frame, and this test would hold back both.
        await Expect(page.Locator(".list-pane").GetByText("Slow")).ToBeVisibleAsync();
        await page.SayAsync("On its way");
        await sending.Task.WaitAsync(TimeSpan.FromMinutes(3));
        await page.Bubble("On its way").ClickAsync(new() { Button = MouseButton.Right });
        await Expect(page.MenuItem("Delete")).ToBeVisibleAsync();
        var element = await Entry(page, "On its way").ElementHandleAsync();
        mayGo.SetResult();
        await Expect(page.Stored("On its way")).ToBeVisibleAsync();
        // The row is the same one, so that neither the menu nor a finger that rests on it has lost anything.
        Assert.True(await element.EvaluateAsync<bool>("row => row.isConnected && row.dataset.seq !== undefined"));
        await page.MenuItem("Delete").ClickAsync();
        await Expect(Entry(page, "On its way")).ToHaveClassAsync(Removing());
        await page.Button("Undo").ClickAsync();
        await Expect(Entry(page, "On its way")).Not.ToHaveClassAsync(Removing());
        complaints.ShouldBeNone();

        async Task PassAsync(string frame, IWebSocketRoute onwards)
        {
            if (frame.Contains("message.send", StringComparison.Ordinal))
            {
                sending.TrySetResult();
                await mayGo.Task;
            }

            onwards.Send(frame);
        }
    }

    private static ILocator Entry(IPage page, string text) => page.Locator(".entry", new() { HasText = text });

    [GeneratedRegex("removing")]
    private static partial Regex Removing();
}
