using System.Globalization;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>A wrong clock, a browser that keeps nothing, a page without https, and a server that is in no mood to answer.</summary>
public sealed class HardshipTests(AppServer server, Chromium chromium)
{
    private static readonly byte[] Bread = "Bread and olives"u8.ToArray();

    [Fact]
    public async Task A_device_whose_clock_is_a_day_off_knows_today_and_is_silent_for_the_hour_that_comes()
    {
        var nia = await server.SignUpAsync("nia");
        var chat = (await nia.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Late" })).Id;
        await nia.Messages.SendAsync(new() { ChatId = chat, Content = "Just now" });
        foreach (var days in new[] { -1, 1 })
        {
            await nia.Chats.UpdateSettingsAsync(chat, new ChatSettingsRequest { MutedUntil = new Optional<DateTimeOffset?>(null) });
            await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
            var page = await context.NewPageAsync();
            var complaints = new Complaints(page);
            await page.AddInitScriptAsync($$"""
                const Real = Date;
                globalThis.Date = class Date extends Real {
                  constructor(...given) { super(...(given.length > 0 ? given : [Date.now()])); }
                  static now() { return Real.now() + {{days.ToString(CultureInfo.InvariantCulture)}} * 86400000; }
                };
                """);
            await page.EnterAsync("nia", $"/c/{chat}");
            await Expect(page.Locator(".day").First).ToHaveTextAsync("Today");
            await page.Locator(".main-pane .bar [aria-haspopup=menu]").ClickAsync();
            await page.MenuItem("Mute").ClickAsync();
            await page.Button("1 hour").ClickAsync();
            await Expect(page.Locator(".bar-chat .icon")).ToBeVisibleAsync();
            ChatSummary kept;
            do
            {
                kept = (await nia.Chats.ListAsync()).Items.Single(one => one.Id == chat);
            }
            while (kept.MutedUntil is null);
            Assert.InRange(kept.MutedUntil.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(90));
            complaints.ShouldBeNone();
        }
    }

    [Fact]
    public async Task A_browser_that_keeps_nothing_talks_as_well_and_the_settings_say_what_is_lost()
    {
        var nils = await server.SignUpAsync("nils");
        var chat = (await nils.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Sieve" })).Id;
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.AddInitScriptAsync("IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); }");
        await page.EnterAsync("nils", $"/c/{chat}");
        await page.SayAsync("Remembered by the server");
        await Expect(page.Stored("Remembered by the server")).ToBeVisibleAsync();
        await Town.GoAsync(page, "/settings/storage");
        await Expect(page.GetByText("This browser keeps nothing: unsent messages are lost when you close the page.")).ToBeVisibleAsync();
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Opened_without_https_from_another_machine_it_talks_sends_files_and_says_what_is_missing()
    {
        var nora = await server.SignUpAsync("nora");
        var chat = (await nora.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Kitchen" })).Id;
        var elsewhere = new UriBuilder(server.Address) { Host = Chromium.OtherHost }.Uri;
        await using var context = await chromium.OpenAsync(elsewhere, 400, 850);
        var page = await context.NewPageAsync();
        // The browser says that it heeds this header with https only.
        var complaints = new Complaints(page, "Cross-Origin-Opener-Policy");
        await page.LogInAsync("nora");
        await Town.GoAsync(page, $"/c/{chat}");
        Assert.False(await page.EvaluateAsync<bool>("() => isSecureContext"));
        await page.SayAsync("From the kitchen");
        await page.Stored("From the kitchen").ClickAsync(new() { Button = MouseButton.Right });
        await page.MenuItem("Copy").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).GetByText("From the kitchen")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");

        var chooser = await page.RunAndWaitForFileChooserAsync(() => page.Button("Attach files").ClickAsync());
        await chooser.SetFilesAsync(new FilePayload { Name = "Bread.txt", MimeType = "text/plain", Buffer = Bread });
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Expect(page.GetByLabel("Download Bread.txt")).ToBeVisibleAsync();
        Assert.Equal(Bread.Length, Assert.Single((await nora.Files.ListOfChatAsync(chat)).Items).Size);
        await page.Button("Record a voice message").ClickAsync();
        await Expect(page.GetByText("There is no microphone to be had here.")).ToBeVisibleAsync();

        await Town.GoAsync(page, "/settings");
        await Expect(page.GetByText("Opened without https")).ToBeVisibleAsync();
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task A_server_that_answers_with_anything_but_an_answer_is_named_and_asked_again()
    {
        var nell = await server.SignUpAsync("nell");
        var chat = (await nell.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Patience" })).Id;
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "500", "429", "507", "ERR_CONNECTION_CLOSED");
        await page.AddInitScriptAsync("delete globalThis.showOpenFilePicker");
        await page.EnterAsync("nell", "/");
        await Expect(page.Heading("Chats")).ToBeAttachedAsync();
        foreach (var (answer, words) in new (Func<IRoute, Task>, string)[]
        {
            (route => route.FulfillAsync(new() { Status = 500, Body = "<h1>Oops</h1>", ContentType = "text/html" }), "The server can't answer at the moment. Please try again soon."),
            (route => route.FulfillAsync(new() { Status = 429, Body = """{"code":"rate_limited"}""", ContentType = "application/problem+json", Headers = new Dictionary<string, string> { ["Retry-After"] = "7" } }), "Too many attempts. Try again in 7 seconds."),
            (route => route.AbortAsync("connectionclosed"), "No connection to the server. Check your network."),
        })
        {
            await page.RouteAsync("**/users/me/contacts*", answer);
            await Town.GoAsync(page, "/contacts");
            await Expect(page.Heading(words)).ToBeVisibleAsync();
            await page.UnrouteAllAsync();
            await page.Button("Try again").ClickAsync();
            await Expect(page.GetByText("No contacts yet")).ToBeVisibleAsync();
            await Town.GoAsync(page, "/");
        }

        // A full disk: the file stays where it is, and goes when there is room.
        await page.RouteAsync("**/files/init", route => route.FulfillAsync(new() { Status = 507, Body = """{"code":"quota_exceeded"}""", ContentType = "application/problem+json" }));
        await Town.GoAsync(page, $"/c/{chat}");
        var chooser = await page.RunAndWaitForFileChooserAsync(() => page.Button("Attach files").ClickAsync());
        await chooser.SetFilesAsync(new FilePayload { Name = "Bread.txt", MimeType = "text/plain", Buffer = Bread });
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Your storage is full. Delete files you no longer need.")).ToBeVisibleAsync();
        // It does not wait: it failed, here and in the list of transfers.
        await Expect(page.Locator(".file-card").GetByText("Waiting")).ToHaveCountAsync(0);
        await Expect(page.Button("Pause")).ToHaveCountAsync(0);
        await page.UnrouteAllAsync();
        await page.Button("Try again").ClickAsync();
        await Expect(page.GetByLabel("Download Bread.txt")).ToBeVisibleAsync();
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task A_file_that_cannot_be_finished_does_not_wait_but_is_sent_once_more_or_given_up()
    {
        var nina = await server.SignUpAsync("nina");
        var chat = (await nina.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Pantry" })).Id;
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "507");
        await page.AddInitScriptAsync("delete globalThis.showOpenFilePicker");
        await page.EnterAsync("nina", $"/c/{chat}");
        await page.RouteAsync("**/files/*/complete", route => route.FulfillAsync(new() { Status = 507, Body = """{"code":"quota_exceeded"}""", ContentType = "application/problem+json" }));
        foreach (var name in new[] { "Butter.txt", "Salt.txt" })
        {
            var chooser = await page.RunAndWaitForFileChooserAsync(() => page.Button("Attach files").ClickAsync());
            await chooser.SetFilesAsync(new FilePayload { Name = name, MimeType = "text/plain", Buffer = Bread });
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
            await Expect(Note(name)).ToContainTextAsync("Your storage is full.");
        }

        await Expect(page.Button("Pause")).ToHaveCountAsync(0);
        await Expect(page.Locator(".file-card").GetByText("Waiting")).ToHaveCountAsync(0);
        await page.UnrouteAllAsync();
        await Note("Butter.txt").GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(page.GetByLabel("Download Butter.txt")).ToBeVisibleAsync();
        await Note("Salt.txt").GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel sending" }).ClickAsync();
        await Expect(page.Locator(".failed-note")).ToHaveCountAsync(0);
        await Expect(page.Locator(".entry[data-seq]", new() { HasText = "Salt.txt" })).ToContainTextAsync("Did not arrive");
        complaints.ShouldBeNone();

        ILocator Note(string name) => page.Locator(".entry[data-seq]", new() { HasText = name }).GetByRole(AriaRole.Alert);
    }
}
