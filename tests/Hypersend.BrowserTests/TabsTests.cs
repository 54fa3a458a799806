using Hypersend.Contracts.Chats;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class TabsTests(AppServer server, Chromium chromium)
{
    [Fact]
    public async Task Two_tabs_share_one_line_stay_in_step_and_the_other_takes_over()
    {
        var (wim, xena) = (await server.SignUpAsync("wim"), await server.SignUpAsync("xena"));
        var chat = await wim.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Twins", MemberIds = [(await xena.Accounts.GetMeAsync()).Id] });
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var (first, second) = (await context.NewPageAsync(), await context.NewPageAsync());
        var complaints = new[] { new Complaints(first), new Complaints(second) };
        var (ofFirst, ofSecond) = (0, 0);
        var taken = new TaskCompletionSource();
        first.WebSocket += (_, _) => Interlocked.Increment(ref ofFirst);
        second.WebSocket += (_, _) =>
        {
            Interlocked.Increment(ref ofSecond);
            taken.TrySetResult();
        };
        await first.EnterAsync("wim", $"/c/{chat.Id}");
        await first.SayAsync("From the first tab");
        await Expect(first.Stored("From the first tab")).ToBeVisibleAsync();
        await second.GotoAsync($"/c/{chat.Id}");
        await Expect(second.Stored("From the first tab")).ToBeVisibleAsync();

        await second.SayAsync("From the second tab");
        foreach (var page in new[] { first, second }) await Expect(page.Stored("From the second tab")).ToBeVisibleAsync();
        await xena.Messages.SendAsync(new() { ChatId = chat.Id, Content = "From elsewhere" });
        foreach (var page in new[] { first, second }) await Expect(page.Stored("From elsewhere")).ToBeVisibleAsync();
        Assert.Equal((1, 0), (ofFirst, ofSecond));

        await first.CloseAsync();
        await taken.Task.WaitAsync(TimeSpan.FromMinutes(3));
        await second.SayAsync("Alone now");
        await Expect(second.Stored("Alone now")).ToBeVisibleAsync();
        await xena.Messages.SendAsync(new() { ChatId = chat.Id, Content = "Still heard" });
        await Expect(second.Stored("Still heard")).ToBeVisibleAsync();
        foreach (var complaint in complaints) complaint.ShouldBeNone();
    }

    [Fact]
    public async Task What_one_account_wrote_without_a_network_waits_for_it_and_is_never_sent_or_seen_as_another()
    {
        var (yara, zach) = (await server.SignUpAsync("yara"), await server.SignUpAsync("zach"));
        var me = (await yara.Accounts.GetMeAsync()).Id;
        var chat = await yara.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Shared", MemberIds = [(await zach.Accounts.GetMeAsync()).Id] });
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var mayLeave = false;
        await page.RouteWebSocketAsync("**/ws", line =>
        {
            var onwards = line.ConnectToServer();
            line.OnMessage(frame =>
            {
                if (Volatile.Read(ref mayLeave) || !frame.Text!.Contains("message.send", StringComparison.Ordinal)) onwards.Send(frame.Text!);
            });
        });
        await page.EnterAsync("yara", $"/c/{chat.Id}");
        // What is written before the first hello leaves with it in one frame, and this test would hold back both.
        await Expect(page.Locator(".list-pane").GetByText("Shared")).ToBeVisibleAsync();
        await page.SayAsync("A secret of yara");
        await Expect(page.Locator(".entry:not([data-seq])")).ToHaveCountAsync(1);
        await Kept.RecordsAsync(page, me, "outbox", 1);

        // Another account takes the browser over: this tab stops, and shows nothing of either.
        await context.SignInAsync("zach");
        await page.ReloadAsync();
        await page.Button("Go on with the other account").ClickAsync();
        Volatile.Write(ref mayLeave, true);
        await page.GotoAsync($"/c/{chat.Id}");
        await page.SayAsync("Zach was here");
        await Expect(page.Stored("Zach was here")).ToBeVisibleAsync();
        await Expect(page.GetByText("A secret of yara")).ToHaveCountAsync(0);

        await context.SignInAsync("yara");
        await page.ReloadAsync();
        await page.Button("Go on with the other account").ClickAsync();
        await page.GotoAsync($"/c/{chat.Id}");
        await Expect(page.Stored("A secret of yara")).ToBeVisibleAsync();
        var said = (await zach.Messages.ListAsync(chat.Id)).Items.Where(message => message.Type == "text");
        Assert.Equal(["zach: Zach was here", "yara: A secret of yara"], said.Select(message => $"{message.Sender.Username}: {message.Content}"));
    }
}
