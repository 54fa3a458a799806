using System.Diagnostics;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Users;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class SettingTests(AppServer server, Chromium chromium)
{
    /// <summary>As on a phone: what comes by push is shown, and a page may show nothing by itself.</summary>
    private const string PushAlone = """
        globalThis.Notification = class { static permission = "granted"; constructor() { throw new TypeError("Illegal constructor"); } };
        PushManager.prototype.getSubscription = async () => null;
        PushManager.prototype.subscribe = async () => ({ toJSON: () => ({ endpoint: "https://push.example.org/1", keys: { p256dh: "", auth: "" } }) });
        """;

    [Fact]
    public async Task A_test_that_went_out_by_push_is_not_followed_by_word_that_nothing_can_be_shown()
    {
        await server.SignUpAsync("mika");
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync(PushAlone);
        await page.RouteAsync("**/push/subscriptions", route => route.FulfillAsync(new() { Status = 201, Body = "{}", ContentType = "application/json" }));
        await page.RouteAsync("**/push/test", route => route.FulfillAsync(new() { Body = """{"devices":1}""", ContentType = "application/json" }));
        await page.EnterAsync("mika", "/settings/notifications");

        // Until the service worker is there nothing can be pushed, and then a page that may show nothing says so.
        var asked = Stopwatch.StartNew();
        string said;
        do
        {
            await page.Button("Send a test").ClickAsync();
            said = await page.Locator(".toast").InnerTextAsync();
        }
        while (said != "Sent" && asked.Elapsed < TimeSpan.FromMinutes(1));
        Assert.Equal("Sent", said);
    }

    [Fact]
    public async Task Quiet_hours_sound_and_privacy_are_kept_and_a_status_is_seen_by_others()
    {
        var (kit, lev) = (await server.SignUpAsync("kit"), await server.SignUpAsync("lev"));
        var chat = await lev.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Direct, MemberIds = [(await kit.Accounts.GetMeAsync()).Id] });
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("kit", "/settings/notifications");

        // One after the other without a pause: none may be lost behind the one before.
        await page.Field("Play a sound").UncheckAsync();
        await page.GetByLabel("Quiet hours").CheckAsync();
        await page.Field("From").FillAsync("21:30");
        await page.Field("Until").FillAsync("06:15");
        await Town.GoAsync(page, "/settings/privacy");
        await page.Field("Who may add me to groups").SelectOptionAsync("contacts");
        await page.Field("Let others see what I have read").UncheckAsync();
        UserSettings kept;
        do
        {
            kept = await kit.Users.GetSettingsAsync();
        }
        while (kept is not { Notifications: { Sound: false, QuietFrom: "21:30", QuietTo: "06:15", Zone.Length: > 0 }, Privacy: { Groups: "contacts", ReadReceipts: false, Messages: "everyone" } });
        await page.GotoAsync("/settings/notifications");
        await Expect(page.Field("From")).ToHaveValueAsync("21:30");

        await using var others = await chromium.OpenAsync(server.Address, 400, 850);
        var other = await others.NewPageAsync();
        await other.EnterAsync("lev", $"/c/{chat.Id}");
        await Expect(other.Locator(".bar-who")).ToContainTextAsync("online");
        await Town.GoAsync(page, "/");
        await page.Button("Menu").ClickAsync();
        await page.MenuItem("Status: online").ClickAsync();
        await page.GetByRole(AriaRole.Menuitemcheckbox, new() { Name = "do not disturb" }).ClickAsync();
        await Expect(other.Locator(".bar-who")).ToContainTextAsync("do not disturb");
        await page.Button("Menu").ClickAsync();
        await Expect(page.MenuItem("Status: do not disturb")).ToBeVisibleAsync();

        // In the list of chats too, where no chat is open.
        await Town.GoAsync(other, "/");
        await page.MenuItem("Status: do not disturb").ClickAsync();
        await page.GetByRole(AriaRole.Menuitemcheckbox, new() { Name = "busy" }).ClickAsync();
        await Expect(other.Locator(".chat-row", new() { HasText = "kit" }).Locator(".avatar-frame")).ToHaveAttributeAsync("data-status", "busy");
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task A_choice_that_was_not_saved_is_saved_by_trying_again()
    {
        var nela = await server.SignUpAsync("nela");
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "503 /users/me/settings");
        await page.RouteAsync("**/users/me/settings", route => route.Request.Method == "GET" ? route.ContinueAsync() : route.FulfillAsync(new() { Status = 503, Body = "" }));
        await page.EnterAsync("nela", "/settings/privacy");
        await page.Field("Let others see what I have read").UncheckAsync();
        await page.ExpectNoticeAsync("The server can't answer at the moment. Please try again soon.");

        await page.UnrouteAsync("**/users/me/settings");
        await page.Button("Try again").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert).GetByText("The server can't answer")).ToHaveCountAsync(0);
        await Expect(page.Button("Try again")).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.Field("Let others see what I have read")).Not.ToBeCheckedAsync();
        Assert.False((await nela.Users.GetSettingsAsync()).Privacy!.ReadReceipts);
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task What_the_server_says_of_a_field_in_English_is_said_in_the_language_of_the_reader()
    {
        var olaf = await server.SignUpAsync("olaf");
        await olaf.Users.UpdateSettingsAsync(new UserSettings { Language = "de" });
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        await page.RouteAsync("**/users/me", route => route.Request.Method == "GET"
            ? route.ContinueAsync()
            : route.FulfillAsync(new() { Status = 422, Body = """{"code":"validation_failed","errors":{"name":["must not be so long"]}}""", ContentType = "application/problem+json" }));
        await page.EnterAsync("olaf", "/settings/profile");
        await page.Field("Anzeigename").FillAsync("Olaf der Erste");
        await page.Button("Speichern").ClickAsync();
        await page.ExpectFaultAsync("Anzeigename", "Bitte prüfe deine Eingaben.");
    }
}
