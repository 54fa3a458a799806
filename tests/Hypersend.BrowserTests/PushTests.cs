using System.Text.Json;
using Hypersend.Contracts.Chats;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>
/// The browser hands a push to the app's real service worker, which has no page; the notification is the browser's own. What is
/// played is the push service before it and the finger on the notification: no debugger can press that, and only a real press may
/// open a window, so the worker is told of one and asked which window it wanted.
/// </summary>
public sealed class PushTests(AppServer server, Chromium chromium)
{
    private const string AwaitNotice = """
        (async () => {
          for (;;) {
            const [notice] = await self.registration.getNotifications();
            if (notice) return notice.title + ": " + notice.body;
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        })()
        """;

    /// <summary>The browser goes on counting a closed page among those that are looked at for a moment, and what is looked at is told nothing.</summary>
    private const string AwaitNobody = """
        (async () => {
          while ((await self.clients.matchAll({ type: "window", includeUncontrolled: true })).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
          return "nobody";
        })()
        """;

    private const string Click = """
        (async () => {
          const [notification] = await self.registration.getNotifications();
          return new Promise((resolve) => {
            self.clients.openWindow = async (path) => resolve(path);
            self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
          });
        })()
        """;

    [Fact]
    public async Task A_push_that_the_browser_delivers_to_a_closed_page_is_shown_and_leads_when_told_of_a_click_to_the_right_chat()
    {
        var (tim, tom) = (await server.SignUpAsync("tim"), await server.SignUpAsync("tom"));
        var me = (await tim.Accounts.GetMeAsync()).Id;
        await tim.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Another one" });
        var chat = await tom.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Lighthouse", MemberIds = [me] });
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        await context.GrantPermissionsAsync(["notifications"]);
        var page = await context.NewPageAsync();
        await page.EnterAsync("tim", "/");
        await Kept.AppAsync(page);
        // What delivers is not the app: of the app no page is left.
        var elsewhere = await context.NewPageAsync();
        await using var worker = await WorkerDebugger.AttachAsync(elsewhere, server.Address);
        await page.CloseAsync();
        Assert.Equal("nobody", await worker.EvaluateAsync(AwaitNobody));

        var said = (await tom.Messages.SendAsync(new() { ChatId = chat.Id, Content = "The light is on" })).Message!;
        await worker.DeliverAsync(JsonSerializer.Serialize(new
        {
            v = 1,
            kind = "message",
            chat_id = chat.Id.ToString(),
            chat_type = "group",
            seq = said.Seq,
            title = "Lighthouse",
            sender = "tom",
            body = said.Content,
            unread = 1,
            badge = 1,
        }));
        Assert.Equal("Lighthouse: tom: The light is on", await worker.EvaluateAsync(AwaitNotice));

        var path = await worker.EvaluateAsync(Click);
        Assert.Equal("none", await worker.EvaluateAsync("(async () => (await self.registration.getNotifications()).length === 0 ? 'none' : 'some')()"));
        var opened = await context.NewPageAsync();
        var complaints = new Complaints(opened);
        await opened.GotoAsync(path);
        await Expect(opened.Locator(".bar-chat")).ToHaveTextAsync("Lighthouse");
        await Expect(opened.Locator($".entry[data-seq='{said.Seq}'] .bubble")).ToContainTextAsync("The light is on");
        complaints.ShouldBeNone();
    }
}
