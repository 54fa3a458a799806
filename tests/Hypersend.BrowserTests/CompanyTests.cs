using System.Globalization;
using System.Text.RegularExpressions;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Sdk;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>What a chat of several people has that one of two does not need: who is here, who called me, who may not come back.</summary>
public sealed partial class CompanyTests(AppServer server, Chromium chromium)
{
    private const string RefuseOnce = "**/bans*";

    [Fact]
    public async Task Who_is_banned_is_listed_for_those_who_run_the_chat_and_let_back_in()
    {
        var (olga, pit, quin) = (await server.SignUpAsync("olga"), await server.SignUpAsync("pit"), await server.SignUpAsync("quin"));
        var (second, third) = (await IdOfAsync(pit), await IdOfAsync(quin));
        var chat = (await olga.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Council", MemberIds = [second, third] })).Id;
        await olga.Chats.BanAsync(chat, second);
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "503", "ERR_FAILED");
        await page.EnterAsync("olga", $"/c/{chat}/info");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Banned people" });

        // The first answer does not come; the second time it does.
        await page.RouteAsync(RefuseOnce, route => route.FulfillAsync(new() { Status = 503, Body = "" }));
        await page.Button("Banned people").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.GetByText("The server can't answer at the moment.")).ToBeVisibleAsync();
        await page.UnrouteAllAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Listitem)).ToContainTextAsync("pit");
        var screens = new Screens(page, "phone");
        await screens.ReachAsync("bans", "dialog");
        await screens.ReadAsync("bans");

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Lift ban: pit" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.GetByRole(AriaRole.Status)).ToHaveTextAsync("pit can come back");
        await Expect(dialog.GetByText("Nobody is banned")).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Status)).ToBeFocusedAsync();
        Assert.Empty((await olga.Chats.ListBansAsync(chat)).Items);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Button("Banned people")).ToBeFocusedAsync();
        complaints.ShouldBeNone();

        // Whoever does not run the chat is not asked to.
        await using var other = await chromium.OpenAsync(server.Address, 400, 850);
        var plain = await other.NewPageAsync();
        await plain.EnterAsync("quin", $"/c/{chat}/info");
        await Expect(plain.Heading("Council")).ToBeVisibleAsync();
        await Expect(plain.Button("Banned people")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_button_with_a_count_leads_from_one_mention_to_the_next()
    {
        var (rea, sam) = (await server.SignUpAsync("rea"), await server.SignUpAsync("sam"));
        var chat = (await sam.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Hall", MemberIds = [await IdOfAsync(rea)] })).Id;
        for (var n = 1; n <= 150; n++)
            await sam.Messages.SendAsync(new() { ChatId = chat, Content = n is 60 or 140 ? string.Create(CultureInfo.InvariantCulture, $"Number {n}, @rea!") : string.Create(CultureInfo.InvariantCulture, $"Number {n}") });
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("rea", $"/c/{chat}");

        await page.Button("To the next mention (2)").ClickAsync();
        await Expect(Entry(page, "Number 60, @rea!")).ToBeInViewportAsync();
        await Expect(Entry(page, "Number 60, @rea!")).ToBeFocusedAsync();
        // By keyboard as well, and the count goes down with what is read.
        await page.Button("To the next mention (1)").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(Entry(page, "Number 140, @rea!")).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = NextMention() })).ToHaveCountAsync(0);
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task The_header_of_a_group_says_how_many_are_online_and_follows_them()
    {
        var (tea, uli) = (await server.SignUpAsync("tea"), await server.SignUpAsync("uli"));
        var chat = (await tea.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Stage", MemberIds = [await IdOfAsync(uli)] })).Id;
        await using var desk = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await desk.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("tea", $"/c/{chat}");
        await Expect(page.Locator(".bar-name")).ToContainTextAsync("2 members");
        await Expect(page.Locator(".bar-name")).Not.ToContainTextAsync("online");

        await using (var phone = await chromium.OpenAsync(server.Address, 400, 850))
        {
            var two = await phone.NewPageAsync();
            await two.EnterAsync("uli", $"/c/{chat}");
            await Expect(two.Locator(".bar-name")).ToContainTextAsync("2 members · 2 online");
            await Expect(page.Locator(".bar-name")).ToContainTextAsync("2 members · 2 online");
        }

        await Expect(page.Locator(".bar-name")).Not.ToContainTextAsync("online", new() { Timeout = 120_000 });
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Pictures_that_are_sent_together_stand_side_by_side_for_both_and_each_has_its_own_menu()
    {
        var (vera, wim) = (await server.SignUpAsync("vera"), await server.SignUpAsync("wim"));
        var chat = (await vera.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Album", MemberIds = [await IdOfAsync(wim)] })).Id;
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        await using var across = await chromium.OpenAsync(server.Address, 1280, 800);
        var (page, other) = (await context.NewPageAsync(), await across.NewPageAsync());
        var complaints = new[] { new Complaints(page), new Complaints(other) };
        await page.AddInitScriptAsync("delete globalThis.showOpenFilePicker");
        await page.EnterAsync("vera", $"/c/{chat}");
        await other.EnterAsync("wim", $"/c/{chat}");

        var chooser = await page.RunAndWaitForFileChooserAsync(() => page.Button("Attach files").ClickAsync());
        await chooser.SetFilesAsync([.. new[] { "one", "two", "three" }.Select(name => new FilePayload { Name = name + ".png", MimeType = "image/png", Buffer = Dot() })]);
        var sending = page.GetByRole(AriaRole.Dialog);
        await Expect(sending.Locator("img.send-thumb")).ToHaveCountAsync(3);
        await sending.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        foreach (var one in new[] { page, other })
        {
            await Expect(one.Locator(".entry.tile[data-seq] button.media-box:not(:disabled)")).ToHaveCountAsync(3);
            var places = await one.EvaluateAsync<double[][]>("() => [...document.querySelectorAll('.entry.tile .bubble')].map((tile) => { const box = tile.getBoundingClientRect(); return [box.left, box.top, box.width, box.height]; })");
            Assert.Equal(places[0][1], places[1][1], 1.0);
            Assert.True(places[0][0] + places[0][2] <= places[1][0] + 0.5, "The second picture stands beside the first.");
            Assert.True(places[2][1] >= places[0][1] + places[0][3] - 0.5, "The third stands below them.");
            Assert.Equal(places[0][2] + places[1][2], places[2][2], 8.0);
        }

        await other.Locator(".entry.tile").Nth(1).ClickAsync(new() { Button = MouseButton.Right });
        await other.Locator(".emoji-row .emoji").First.ClickAsync();
        await Expect(page.Locator(".entry.tile").Nth(1).Locator(".reaction")).ToContainTextAsync("1");
        await page.Locator(".entry.tile button.media-box").Nth(1).ClickAsync();
        await Expect(page.Locator(".viewer[open]")).ToContainTextAsync("2 of 3");
        foreach (var complaint in complaints) complaint.ShouldBeNone();
    }

    private static async Task<UserId> IdOfAsync(HypersendClient person) => (await person.Accounts.GetMeAsync()).Id;

    private static ILocator Entry(IPage page, string text) => page.Locator(".entry", new() { HasText = text });

    [GeneratedRegex("^To the next mention")]
    private static partial Regex NextMention();

    /// <summary>A small picture of one colour.</summary>
    private static byte[] Dot() => Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mM4UWFDEmIY1TCqYfhqAACRKnwQyz716gAAAABJRU5ErkJggg==");
}
