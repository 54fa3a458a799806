using Hypersend.Contracts.Chats;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>A chat that is not in the list any more, and is named by a link or lies open.</summary>
public sealed class HiddenChatTests(AppServer server, Chromium chromium)
{
    [Fact]
    public async Task A_direct_chat_that_was_taken_off_the_list_opens_from_a_link_and_stays_off_it_when_that_happens_while_it_is_open()
    {
        var (yves, ugo) = (await server.SignUpAsync("yves"), await server.SignUpAsync("ugo"));
        var chat = await ugo.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Direct, MemberIds = [(await yves.Accounts.GetMeAsync()).Id] });
        await ugo.Messages.SendAsync(new() { ChatId = chat.Id, Content = "Said long ago" });
        await yves.Chats.DeleteAsync(chat.Id);
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        var row = page.Locator(".list-pane .chat-row", new() { HasText = "ugo" });
        await page.EnterAsync("yves", $"/c/{chat.Id}/m/1");
        await Expect(page.Stored("Said long ago")).ToBeVisibleAsync();
        await page.SayAsync("Found it again");
        await Expect(page.Stored("Found it again")).ToBeVisibleAsync();
        await Expect(row).ToBeVisibleAsync();

        await yves.Chats.DeleteAsync(chat.Id);
        await Expect(page.Heading("You are no longer in this chat")).ToBeVisibleAsync();
        await Expect(row).ToHaveCountAsync(0);
        await page.Locator(".main-pane .splash").GetByRole(AriaRole.Button, new() { Name = "Chats" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Uri(server.Address, "/").ToString());
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Whoever_is_removed_from_the_chat_that_lies_open_is_told_so()
    {
        var (odette, pirmin) = (await server.SignUpAsync("odette"), await server.SignUpAsync("pirmin"));
        var id = (await pirmin.Accounts.GetMeAsync()).Id;
        var chat = await odette.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Choir", MemberIds = [id] });
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "status of 404");
        await page.EnterAsync("pirmin", "/");
        await page.Locator(".chat-row", new() { HasText = "Choir" }).ClickAsync();
        await Expect(page.Field("Message")).ToBeVisibleAsync();

        await odette.Chats.RemoveMemberAsync(chat.Id, id);
        await Expect(page.Heading("You are no longer in this chat")).ToBeVisibleAsync();
        await Expect(page.Heading("Choir")).ToBeVisibleAsync();
        await page.Locator(".splash").GetByRole(AriaRole.Button, new() { Name = "Chats" }).ClickAsync();
        await Expect(page.Heading("Chats")).ToBeVisibleAsync();
        complaints.ShouldBeNone();
    }
}
