using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>Whoever turns back, presses something that cannot be done or does not finish is not thrown about, and nothing they made is lost.</summary>
public sealed class SecondThoughtTests(AppServer server, Chromium chromium)
{
    /// <summary>A microphone that hums.</summary>
    private const string Hum = """
        navigator.mediaDevices.getUserMedia = async () => {
          const context = new AudioContext();
          const tone = context.createOscillator();
          const into = context.createMediaStreamDestination();
          tone.connect(into);
          tone.start();
          await context.resume();
          return into.stream;
        };
        """;

    /// <summary>A folder is let go over the conversation, with what its reader does.</summary>
    private const string DropFolder = """
        (reads) => {
          const bag = new DataTransfer();
          bag.items.add(new File([""], "folder"));
          const readEntries = (found, refuse) => (reads ? found([]) : refuse(new DOMException("No", "NotReadableError")));
          DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true, createReader: () => ({ readEntries }) });
          document.querySelector(".composer-box").dispatchEvent(new DragEvent("drop", { dataTransfer: bag, bubbles: true, cancelable: true }));
        }
        """;

    private const string Frames = "async () => { for (let n = 0; n < 5; n++) await new Promise((resolve) => requestAnimationFrame(resolve)); }";

    [Fact]
    public async Task A_voice_message_that_is_left_in_the_middle_waits_in_its_chat_to_be_sent_or_thrown_away()
    {
        var (page, _, complaints, context) = await OpenAsync("vesna_v", 400);
        await using var closing = context;
        var row = page.Locator(".chat-row", new() { HasText = "Lane" });
        var time = page.Locator(".recorder-time");
        await page.Button("Record a voice message").ClickAsync();
        await Expect(time).Not.ToHaveTextAsync("0:00");
        await page.GoBackAsync();
        await page.ExpectToastAsync("Draft: Voice message");
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(time).Not.ToHaveTextAsync("0:00");
        await Expect(page.Locator(".recording-dot")).ToHaveCountAsync(0);
        await page.Button("Send").ClickAsync();
        await Expect(page.Locator(".entry[data-seq] .sound")).ToHaveCountAsync(1);
        await Expect(page.Field("Message")).ToBeVisibleAsync();

        await page.Button("Record a voice message").ClickAsync();
        await Expect(time).Not.ToHaveTextAsync("0:00");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Heading("Chats")).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(time).ToBeVisibleAsync();
        await page.Button("Cancel").ClickAsync();
        await Expect(page.Field("Message")).ToBeVisibleAsync();
        await Expect(page.Locator(".entry[data-seq] .sound")).ToHaveCountAsync(1);
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task A_chip_of_the_search_is_written_on_in_the_field()
    {
        var (page, _, complaints, context) = await OpenAsync("sixten_s", 1280);
        await using var closing = context;
        await Town.GoAsync(page, "/search");
        var field = page.Locator(".pane-search input");
        await page.Locator(".chips").GetByRole(AriaRole.Button, new() { Name = "Sender" }).ClickAsync();
        await Expect(field).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("sixten_s");
        await Expect(field).ToHaveValueAsync("from:sixten_s");
        await page.Locator(".chip.on").ClickAsync();
        await Expect(field).ToHaveValueAsync("");
        await Expect(field).ToBeFocusedAsync();
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task A_group_whose_making_was_turned_away_from_is_in_the_list_and_calls_nobody_back()
    {
        var (page, chat, complaints, context) = await OpenAsync("gitte_g", 1280);
        await using var closing = context;
        var asked = new TaskCompletionSource();
        await page.RouteAsync("**/api/v1/chats", async route =>
        {
            if (route.Request.Method == "POST") await asked.Task;
            await route.ContinueAsync();
        });
        await page.Button("New").ClickAsync();
        await page.MenuItem("New group").ClickAsync();
        await page.Field("Name").FillAsync("Slow coach");
        var made = page.WaitForResponseAsync(response => response.Request.Method == "POST" && response.Url.EndsWith("/api/v1/chats", StringComparison.Ordinal));
        await page.Button("Create").ClickAsync();
        await page.Button("Cancel").ClickAsync();
        await Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0);
        asked.SetResult();
        await (await made).FinishedAsync();
        await Expect(page.Locator(".chat-row", new() { HasText = "Slow coach" })).ToBeVisibleAsync();
        await page.EvaluateAsync(Frames);
        Assert.EndsWith($"/c/{chat}", page.Url, StringComparison.Ordinal);
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Saved_messages_open_without_a_network()
    {
        var (page, _, _, context) = await OpenAsync("sanna_s", 1280);
        await using var closing = context;
        await SavedAsync(page);
        await Expect(page.Locator(".bar-name")).ToContainTextAsync("Saved messages");
        var address = page.Url;
        await page.Locator(".chat-row", new() { HasText = "Lane" }).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Locator(".bar-name")).ToContainTextAsync("Lane");
        await context.SetOfflineAsync(true);
        await SavedAsync(page);
        await Expect(page).ToHaveURLAsync(address);
        await Expect(page.Locator(".bar-name")).ToContainTextAsync("Saved messages");
    }

    [Fact]
    public async Task A_folder_with_nothing_to_read_is_said_to_be_one()
    {
        var (page, _, complaints, context) = await OpenAsync("dorrit_d", 1280);
        await using var closing = context;
        foreach (var reads in new[] { true, false })
        {
            await page.EvaluateAsync(DropFolder, reads);
            await page.ExpectToastAsync("There was no file in it that could be read.");
            await page.ReloadAsync();
            await Expect(page.Field("Message")).ToBeVisibleAsync();
        }

        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task An_edit_that_is_too_long_stays_where_it_is_and_hears_how_long_it_may_be()
    {
        var (page, _, complaints, context) = await OpenAsync("lotta_l", 1280);
        await using var closing = context;
        await page.SayAsync("Short enough");
        await Expect(page.Stored("Short enough")).ToBeVisibleAsync();
        await page.Field("Message").PressAsync("ArrowUp");
        await Expect(page.Locator(".composer-about")).ToContainTextAsync("Editing");
        var words = new string('x', 12_000);
        await page.Field("Message").FillAsync(words);
        await page.Keyboard.PressAsync("Enter");
        await page.ExpectToastAsync("A message has room for 10,000 characters at most. Shorten it before saving.");
        await Expect(page.Field("Message")).ToHaveValueAsync(words);
        await page.Field("Message").FillAsync(words[..10_000]);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".composer-about")).ToHaveCountAsync(0);
        await Expect(page.Stored(words[..100])).ToBeVisibleAsync();
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Whose_words_they_are_stands_before_them_as_the_language_runs()
    {
        var amal = await server.SignUpAsync("amal_a");
        await amal.Users.UpdateSettingsAsync(new UserSettings { Language = "ar" });
        var chat = (await amal.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Lane" })).Id;
        await amal.Messages.SendAsync(new() { ChatId = chat, Content = "Report.pdf" });
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        await page.EnterAsync("amal_a", "/");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("dir", "rtl");
        var preview = page.Locator(".chat-row .row-preview", new() { HasText = "Report.pdf" });
        await Expect(preview).ToContainTextAsync("أنت");
        Assert.True(await preview.EvaluateAsync<bool>("""
            (one) => {
              const [who, words] = [".row-who", "[dir=auto]"].map((part) => one.querySelector(part).getBoundingClientRect());
              return words.width > 0 && who.left >= words.right - 0.5;
            }
            """), "The words stand before whose they are.");
    }

    private static async Task SavedAsync(IPage page)
    {
        await page.Locator(".me-button").ClickAsync();
        await page.MenuItem("Saved messages").ClickAsync();
    }

    private async Task<(IPage Page, ChatId Chat, Complaints Complaints, IBrowserContext Context)> OpenAsync(string name, int width)
    {
        var person = await server.SignUpAsync(name);
        var chat = (await person.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Lane" })).Id;
        var context = await chromium.OpenAsync(server.Address, width, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.AddInitScriptAsync(Hum);
        await page.EnterAsync(name, "/");
        await page.Locator(".chat-row", new() { HasText = "Lane" }).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Field("Message")).ToBeVisibleAsync();
        return (page, chat, complaints, context);
    }
}
