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
    public async Task Who_follows_an_invitation_is_asked_and_may_say_no()
    {
        var rahel = await server.SignUpAsync("rahel");
        var sami = await server.SignUpAsync("sami");
        var chat = (await rahel.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Orchard" })).Id;
        var link = new Uri((await rahel.Chats.CreateInviteAsync(chat)).Url).PathAndQuery;
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("sami", link);
        await Expect(page.Heading("Orchard")).ToBeVisibleAsync();
        await Expect(page.GetByText("1 member")).ToBeVisibleAsync();
        await page.Button("Cancel").ClickAsync();
        await Expect(page.Heading("Chats")).ToBeAttachedAsync();
        Assert.DoesNotContain((await sami.Chats.ListAsync()).Items, one => one.Id == chat);

        await page.GotoAsync(link);
        await page.Button("Join").ClickAsync();
        await Expect(page.Heading("Orchard")).ToBeAttachedAsync();
        await Expect(page.Field("Message")).ToBeVisibleAsync();
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task The_links_of_a_chat_have_their_buttons_one_below_the_other_on_the_narrowest_phone()
    {
        var selma = await server.SignUpAsync("selma");
        var chat = (await selma.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Orchard" })).Id;
        await selma.Chats.CreateInviteAsync(chat);
        await selma.Chats.CreateInviteAsync(chat, new CreateChatInviteRequest { ExpiresIn = 604_800 });
        await using var context = await chromium.OpenAsync(server.Address, 320, 640);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("selma", $"/c/{chat}/info");
        await page.Button("Invite link").ClickAsync();
        await Expect(page.Locator(".invite")).ToHaveCountAsync(2);
        // However long the facts beside them, and whatever the two at the end say.
        foreach (var (buttons, columns) in new[] { (".invite .row button", 2), ("dialog .row.even button", 1) })
        {
            var places = await page.Locator(buttons).EvaluateAllAsync<string[]>("all => all.map(({ offsetLeft, offsetWidth }) => `${offsetLeft} ${offsetWidth}`)");
            Assert.Equal(columns, places.Distinct().Count());
            Assert.Single(places.Select(place => place.Split(' ')[1]).Distinct());
        }

        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Who_is_banned_is_listed_for_those_who_run_the_chat_and_let_back_in()
    {
        var (olympia, pitou, quintus) = (await server.SignUpAsync("olympia"), await server.SignUpAsync("pitou"), await server.SignUpAsync("quintus"));
        var (second, third) = (await IdOfAsync(pitou), await IdOfAsync(quintus));
        var chat = (await olympia.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Council", MemberIds = [second, third] })).Id;
        await olympia.Chats.BanAsync(chat, second);
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "503", "ERR_FAILED");
        await page.EnterAsync("olympia", $"/c/{chat}/info");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Banned people" });

        // The first answer does not come; the second time it does.
        await page.RouteAsync(RefuseOnce, route => route.FulfillAsync(new() { Status = 503, Body = "" }));
        await page.Button("Banned people").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.GetByText("The server can't answer at the moment.")).ToBeVisibleAsync();
        await page.UnrouteAllAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Listitem)).ToContainTextAsync("pitou");
        var screens = new Screens(page, "phone");
        await screens.ReachAsync("bans", "dialog");
        await screens.ReadAsync("bans");

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Lift ban: pitou" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.GetByRole(AriaRole.Status)).ToHaveTextAsync("pitou can come back");
        await Expect(dialog.GetByText("Nobody is banned")).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Status)).ToBeFocusedAsync();
        Assert.Empty((await olympia.Chats.ListBansAsync(chat)).Items);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Button("Banned people")).ToBeFocusedAsync();
        complaints.ShouldBeNone();

        // Whoever does not run the chat is not asked to.
        await using var other = await chromium.OpenAsync(server.Address, 400, 850);
        var plain = await other.NewPageAsync();
        await plain.EnterAsync("quintus", $"/c/{chat}/info");
        await Expect(plain.Heading("Council")).ToBeVisibleAsync();
        await Expect(plain.Button("Banned people")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_button_with_a_count_leads_from_one_mention_to_the_next()
    {
        var (reanna, samira) = (await server.SignUpAsync("reanna"), await server.SignUpAsync("samira"));
        var chat = (await samira.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Hall", MemberIds = [await IdOfAsync(reanna)] })).Id;
        for (var n = 1; n <= 150; n++)
            await samira.Messages.SendAsync(new() { ChatId = chat, Content = n is 60 or 140 ? string.Create(CultureInfo.InvariantCulture, $"Number {n}, @reanna!") : string.Create(CultureInfo.InvariantCulture, $"Number {n}") });
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("reanna", $"/c/{chat}");

        await page.Button("To the next mention (2)").ClickAsync();
        await Expect(Entry(page, "Number 60, @reanna!")).ToBeInViewportAsync();
        await Expect(Entry(page, "Number 60, @reanna!")).ToBeFocusedAsync();
        // By keyboard as well, and the count goes down with what is read.
        await page.Button("To the next mention (1)").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(Entry(page, "Number 140, @reanna!")).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = NextMention() })).ToHaveCountAsync(0);
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task The_header_of_a_group_says_how_many_are_online_and_follows_them()
    {
        var (teasel, ulima) = (await server.SignUpAsync("teasel"), await server.SignUpAsync("ulima"));
        var chat = (await teasel.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Stage", MemberIds = [await IdOfAsync(ulima)] })).Id;
        await using var desk = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await desk.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("teasel", $"/c/{chat}");
        await Expect(page.Locator(".bar-name")).ToContainTextAsync("2 members");
        await Expect(page.Locator(".bar-name")).Not.ToContainTextAsync("online");

        await using (var phone = await chromium.OpenAsync(server.Address, 400, 850))
        {
            var two = await phone.NewPageAsync();
            await two.EnterAsync("ulima", $"/c/{chat}");
            await Expect(two.Locator(".bar-name")).ToContainTextAsync("2 members · 2 online");
            await Expect(page.Locator(".bar-name")).ToContainTextAsync("2 members · 2 online");
        }

        await Expect(page.Locator(".bar-name")).Not.ToContainTextAsync("online", new() { Timeout = 120_000 });
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Pictures_that_are_sent_together_stand_side_by_side_for_both_and_each_has_its_own_menu()
    {
        var (verity, walther) = (await server.SignUpAsync("verity"), await server.SignUpAsync("walther"));
        var chat = (await verity.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Album", MemberIds = [await IdOfAsync(walther)] })).Id;
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        await using var across = await chromium.OpenAsync(server.Address, 1280, 800);
        var (page, other) = (await context.NewPageAsync(), await across.NewPageAsync());
        var complaints = new[] { new Complaints(page), new Complaints(other) };
        await page.AddInitScriptAsync("delete globalThis.showOpenFilePicker");
        await page.EnterAsync("verity", $"/c/{chat}");
        await other.EnterAsync("walther", $"/c/{chat}");

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
