using System.Net.WebSockets;
using System.Text.Json;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>A list of 10,000 messages of all heights: what one looks at stays where it is, whatever comes above or below it.</summary>
public sealed class LongListTests(AppServer server, Chromium chromium)
{
    private const int Messages = 10_000;
    private const int Most = 200;

    /// <summary>
    /// Scrolls a little towards older or newer messages until the list has drawn or dropped rows there, ten times. The row in the
    /// middle is watched from one frame to the next: it may move by what was scrolled and by nothing else.
    /// </summary>
    private const string Wander = """
        async ([by, times]) => {
          const list = document.querySelector(".message-list");
          const rows = () => [...list.querySelectorAll("[data-key]")];
          const edge = () => (by < 0 ? rows()[0] : rows().at(-1)).dataset.key;
          const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
          const found = { worst: 0, most: 0, changes: 0 };
          while (found.changes < times) {
            const before = edge();
            const middle = list.getBoundingClientRect().top + list.clientHeight / 2;
            const row = rows().find((one) => one.getBoundingClientRect().bottom > middle);
            list.scrollTop += by;
            const place = row.getBoundingClientRect().top;
            for (let n = 0; n < 2 || list.scrollTop <= 1; n++) {
              await frame();
              if (!row.isConnected) throw new Error("What was in the middle of the screen is gone.");
              found.worst = Math.max(found.worst, Math.abs(row.getBoundingClientRect().top - place));
              found.most = Math.max(found.most, rows().length);
            }
            if (edge() !== before) found.changes++;
          }
          return found;
        }
        """;

    /// <summary>A picture above what one looks at arrives late, and takes its room.</summary>
    private const string GrowAbove = """
        async () => {
          const list = document.querySelector(".message-list");
          const rows = [...list.querySelectorAll("[data-key]")];
          const top = list.getBoundingClientRect().top;
          const at = rows.findIndex((one) => one.getBoundingClientRect().bottom > top + list.clientHeight / 2);
          const place = rows[at].getBoundingClientRect().top;
          rows[Math.max(0, at - 15)].style.paddingBlockEnd = "173px";
          for (let n = 0; n < 3; n++) await new Promise((resolve) => requestAnimationFrame(resolve));
          return Math.abs(rows[at].getBoundingClientRect().top - place);
        }
        """;

    /// <summary>A bar appears above the list in the very frame in which an earlier scrolling is told of. Answers how far the end is then.</summary>
    private const string TakeRoomAbove = """
        async () => {
          const list = document.querySelector(".message-list");
          list.style.marginBlockStart = "60px";
          list.dispatchEvent(new Event("scroll"));
          for (let n = 0; n < 3; n++) await new Promise((resolve) => requestAnimationFrame(resolve));
          const away = list.scrollHeight - list.clientHeight - list.scrollTop;
          list.style.marginBlockStart = "";
          for (let n = 0; n < 3; n++) await new Promise((resolve) => requestAnimationFrame(resolve));
          return away;
        }
        """;

    [Fact]
    public async Task Ten_thousand_messages_scroll_without_a_jump_and_with_few_in_the_page()
    {
        var cas = await server.SignUpAsync("cas");
        var chat = await cas.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Archive" });
        await SayAllAsync(cas, chat.Id);
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);

        await page.EnterAsync("cas", $"/c/{chat.Id}");
        await ExpectAtEndAsync(page);
        Assert.InRange(await page.EvaluateAsync<double>(TakeRoomAbove), 0, 1);
        await WanderAsync(page, -700, 5);
        Assert.InRange(await page.EvaluateAsync<double>(GrowAbove), 0, 1);

        await page.GotoAsync($"/c/{chat.Id}/m/5000");
        await Expect(page.Locator("[data-seq='5000']")).ToBeInViewportAsync();
        await WanderAsync(page, -700, 3);
        await WanderAsync(page, 700, 5);

        await page.Locator("button.to-end").ClickAsync();
        await ExpectAtEndAsync(page);
        complaints.ShouldBeNone();
    }

    /// <summary>Many in one frame, and many frames before the first answer: a call each would take minutes.</summary>
    private async Task SayAllAsync(HypersendClient client, ChatId chat)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/ws" }.Uri, CancellationToken.None);
        await SendAsync(new { type = "auth", token = (await client.Accounts.GetSocketTicketAsync()).Ticket });
        var answered = AwaitAnswersAsync();
        foreach (var some in Enumerable.Range(1, Messages).Chunk(100))
            await SendAsync(some.Select(n => new { type = "message.send", id = $"{n}", chat_id = chat.ToString(), content = TextOf(n), client_id = $"long-{n}" }));
        await answered;

        ValueTask SendAsync(object frame) =>
            socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(frame).AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

        async Task AwaitAnswersAsync()
        {
            var buffer = new byte[1 << 20];
            var answers = 0;
            while (answers < Messages)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                Assert.NotEqual(WebSocketMessageType.Close, part.MessageType);
                using var frame = JsonDocument.Parse(buffer.AsMemory(0, length));
                var frames = frame.RootElement.ValueKind == JsonValueKind.Array ? [.. frame.RootElement.EnumerateArray()] : new[] { frame.RootElement };
                foreach (var one in frames)
                {
                    Assert.NotEqual("error", one.GetProperty("type").GetString());
                    if (one.GetProperty("type").GetString() == "ack") answers++;
                }
            }
        }
    }

    private static async Task WanderAsync(IPage page, int by, int times)
    {
        var found = await page.EvaluateAsync<JsonElement>(Wander, new[] { by, times }).WaitAsync(TimeSpan.FromMinutes(4));
        Assert.InRange(found.GetProperty("worst").GetDouble(), 0, 1);
        Assert.InRange(found.GetProperty("most").GetInt32(), 1, Most);
    }

    private static Task ExpectAtEndAsync(IPage page) => Expect(page.Locator($"[data-seq='{Messages + 1}']")).ToBeInViewportAsync();

    private static string TextOf(int n) => string.Join(' ', Enumerable.Repeat($"word{n}", 1 + (n * 7919 % 60))) + (n % 11 == 0 ? "\n\n```\none\ntwo\nthree\n```" : "");
}
