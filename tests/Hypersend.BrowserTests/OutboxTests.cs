using System.Collections.Concurrent;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class OutboxTests(AppServer server, Chromium chromium)
{
    [Fact]
    public async Task What_is_written_without_a_network_outlives_a_reload_and_is_sent_once_and_in_order()
    {
        string[] words = ["first of three", "second of three", "third of three"];
        var uma = await server.SignUpAsync("uma");
        var me = (await uma.Accounts.GetMeAsync()).Id;
        var chat = await uma.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Cabin" });
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "ERR_INTERNET_DISCONNECTED");
        // The browser's own switch leaves open sockets as they are.
        var lines = new ConcurrentBag<IWebSocketRoute>();
        await page.RouteWebSocketAsync("**/ws", line =>
        {
            line.ConnectToServer();
            lines.Add(line);
        });
        await page.EnterAsync("uma", $"/c/{chat.Id}");
        await Kept.AppAsync(page);
        await Kept.RecordsAsync(page, me, "chats", 1);

        await context.SetOfflineAsync(true);
        foreach (var line in lines) await line.CloseAsync();
        foreach (var text in words) await page.SayAsync(text);
        await Expect(page.Locator(".entry:not([data-seq]) .words")).ToHaveTextAsync(words);
        await Kept.RecordsAsync(page, me, "outbox", 3);
        await page.ReloadAsync();
        await Expect(page.Locator(".entry:not([data-seq]) .words")).ToHaveTextAsync(words);
        // On a phone no list stands beside the conversation to say so.
        await Expect(page.Locator(".main-pane .status-line")).ToHaveTextAsync("No connection. What you write is sent later.");

        await context.SetOfflineAsync(false);
        await Expect(page.Locator(".entry[data-seq] .words")).ToHaveTextAsync(words);
        await Kept.RecordsAsync(page, me, "outbox", 0, 0);
        Assert.Equal(words, await SaidAsync(uma, chat.Id));
        await Expect(page.Locator(".status-line")).ToHaveCountAsync(0);
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task What_was_being_sent_when_the_server_was_killed_arrives_once_and_in_order()
    {
        await using var process = await ServerProcess.StartAsync();
        using var vera = new HypersendClient(process.Address);
        await vera.Accounts.RegisterAsync(new() { Username = "vera", Email = "vera@example.org", Password = Steps.Password });
        var chat = await vera.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Storm" });
        await using var context = await chromium.OpenAsync(process.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, Complaints.OfAKilledServer);
        var left = 0;
        var killed = new TaskCompletionSource();
        // The third message is on its way to a server that may or may not have stored it. Several may leave in one frame.
        page.WebSocket += (_, line) => line.FrameSent += (_, frame) =>
        {
            var more = frame.Text!.Split("\"message.send\"").Length - 1;
            var all = Interlocked.Add(ref left, more);
            if (all < 3 || all - more >= 3) return;
            process.Kill();
            killed.SetResult();
        };
        await page.EnterAsync("vera", $"/c/{chat.Id}");

        string[] words = [.. Enumerable.Range(1, 6).Select(n => $"word {n}")];
        foreach (var text in words) await page.SayAsync(text);
        await killed.Task.WaitAsync(TimeSpan.FromMinutes(3));
        await process.StartAgainAsync();
        // The browser's word that there is a network again; without it the page asks by itself, a little later.
        await page.EvaluateAsync("() => dispatchEvent(new Event('online'))");
        await Expect(page.Locator(".entry[data-seq] .words")).ToHaveTextAsync(words, new() { Timeout = 60_000 });
        Assert.Equal(words, await SaidAsync(vera, chat.Id));
        complaints.ShouldBeNone();
    }

    private static async Task<IEnumerable<string?>> SaidAsync(HypersendClient client, ChatId chat) =>
        (await client.Messages.ListAsync(chat)).Items.Where(message => message.Content is not null && message.Type == "text").Select(message => message.Content);
}
