using System.Collections.Concurrent;
using Hypersend.Contracts.Chats;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class AbsentTests(AppServer server, Chromium chromium)
{
    [Fact]
    public async Task A_chat_that_is_not_on_this_device_says_so_without_a_network_and_comes_by_itself_when_there_is_one()
    {
        var (ron, rita) = (await server.SignUpAsync("ron"), await server.SignUpAsync("rita"));
        var old = await ron.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Old one" });
        for (var n = 0; n < 3; n++) await ron.Messages.SendAsync(new() { ChatId = old.Id, Content = $"Long ago {n}" });
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "ERR_INTERNET_DISCONNECTED");
        var lines = new ConcurrentBag<IWebSocketRoute>();
        await page.RouteWebSocketAsync("**/ws", line =>
        {
            line.ConnectToServer();
            lines.Add(line);
        });
        await page.EnterAsync("ron", "/");
        await Kept.AppAsync(page);
        await Kept.RecordsAsync(page, (await ron.Accounts.GetMeAsync()).Id, "chats", 1);
        await context.SetOfflineAsync(true);
        foreach (var line in lines) await line.CloseAsync();

        var fresh = await rita.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Made meanwhile", MemberIds = [(await ron.Accounts.GetMeAsync()).Id] });
        await rita.Messages.SendAsync(new() { ChatId = fresh.Id, Content = "While you were away" });
        await page.GotoAsync($"/c/{fresh.Id}");
        await Expect(page.Heading("These messages are not on this device yet.")).ToBeVisibleAsync();
        await page.GotoAsync($"/c/{old.Id}/m/2");
        await Expect(page.Heading("These messages are not on this device yet.").Or(page.Bubble("Long ago 0"))).ToBeVisibleAsync();

        await page.GotoAsync($"/c/{fresh.Id}");
        await Expect(page.Heading("These messages are not on this device yet.")).ToBeVisibleAsync();
        await context.SetOfflineAsync(false);
        await Expect(page.Stored("While you were away")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        complaints.ShouldBeNone();
    }
}
