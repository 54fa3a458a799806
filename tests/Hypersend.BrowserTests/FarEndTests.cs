using System.Collections.Concurrent;
using Hypersend.Contracts.Chats;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>Whoever writes far from the end of a chat sees what they wrote, where it stands.</summary>
public sealed class FarEndTests(AppServer server, Chromium chromium)
{
    private const int Messages = 300;

    [Fact]
    public async Task What_is_written_far_from_the_end_leads_there_with_and_without_a_network()
    {
        var (quin, zara) = (await server.SignUpAsync("quin"), await server.SignUpAsync("zara"));
        var chat = await quin.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Busy", MemberIds = [(await zara.Accounts.GetMeAsync()).Id] });
        for (var n = 1; n <= Messages; n++) await quin.Messages.SendAsync(new() { ChatId = chat.Id, Content = $"Said {n}." });
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "ERR_INTERNET_DISCONNECTED");
        // The browser's own switch leaves open sockets as they are.
        var lines = new ConcurrentBag<IWebSocketRoute>();
        await page.RouteWebSocketAsync("**/ws", line =>
        {
            line.ConnectToServer();
            lines.Add(line);
        });

        await page.EnterAsync("zara", $"/c/{chat.Id}");
        await Expect(page.Stored("Said 1.")).ToBeInViewportAsync();
        await Expect(page.Stored($"Said {Messages}.")).ToHaveCountAsync(0);
        await page.SayAsync("From the first unread one");
        await Expect(page.Stored("From the first unread one")).ToBeInViewportAsync();
        await Expect(page.Stored($"Said {Messages}.")).ToBeInViewportAsync();

        await page.GotoAsync($"/c/{chat.Id}/m/20");
        await Expect(page.Locator("[data-seq='20']")).ToBeInViewportAsync();
        await Expect(page.Stored($"Said {Messages}.")).ToHaveCountAsync(0);
        // A page that has not heard of the last message yet cannot show it without a network.
        await Expect(page.Locator(".list-pane .row-preview")).ToContainTextAsync(["From the first unread one"]);
        await context.SetOfflineAsync(true);
        foreach (var line in lines) await line.CloseAsync();
        await page.SayAsync("From a link, without a network");
        await Expect(page.Bubble("From a link, without a network")).ToBeInViewportAsync();
        await Expect(page.Stored("From the first unread one")).ToBeInViewportAsync();
        await Expect(page.Stored("From a link, without a network")).ToHaveCountAsync(0);

        await context.SetOfflineAsync(false);
        await Expect(page.Stored("From a link, without a network")).ToBeInViewportAsync(new() { Timeout = 60_000 });
        complaints.ShouldBeNone();
    }
}
