using Hypersend.Contracts.Chats;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class LinkCardTests(Chromium chromium)
{
    [Fact]
    public async Task A_link_has_a_card_with_words_and_picture_from_the_server_until_its_author_removes_it()
    {
        var picture = await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "src", "Hypersend.Web", "public", "icon-192.png"));
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var site = builder.Build();
        site.MapGet("/tides", () => Results.Content(
            """<head><title>Tides</title><meta property="og:title" content="Tides of the <b>harbour</b>"><meta property="og:image" content="/p.png"></head>""", "text/html"));
        site.MapGet("/p.png", () => Results.Bytes(picture, "image/png"));
        await site.StartAsync();

        await using var server = await AppServer.StartAsync("--OUTBOUND_ALLOW_PRIVATE=on", "--LINK_PREVIEWS=on");
        var ned = await server.SignUpAsync("ned");
        var chat = await ned.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Pier" });
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.EnterAsync("ned", $"/c/{chat.Id}");
        // A page that takes the server more than five seconds has no card: on a machine that is very busy the next one has.
        do
        {
            await page.SayAsync($"See {site.Urls.First()}/tides");
        }
        while (!await ComesAsync(page.Locator(".link-title")));
        await Expect(page.Locator(".link-title")).ToHaveTextAsync("Tides of the <b>harbour</b>");
        await page.WaitForFunctionAsync("() => document.querySelector('.link-card img')?.naturalWidth > 0");
        Assert.StartsWith("/api/v1/previews/", await page.Locator(".link-card img").GetAttributeAsync("src"), StringComparison.Ordinal);

        await page.Stored("See").Filter(new() { Has = page.Locator(".link-card") }).Locator(".meta").ClickAsync(new() { Button = MouseButton.Right });
        await page.MenuItem("Remove link preview").ClickAsync();
        await Expect(page.Locator(".link-card")).ToHaveCountAsync(0);
        // The menu takes its place in the history with it, a moment later.
        await page.WaitForFunctionAsync("() => !history.state?.overlay");
        await page.ReloadAsync();
        await Expect(page.Stored("See").Last).ToBeVisibleAsync();
        await Expect(page.Locator(".link-card")).ToHaveCountAsync(0);
        complaints.ShouldBeNone();
    }
    private static async Task<bool> ComesAsync(ILocator awaited)
    {
        try
        {
            await awaited.WaitForAsync(new() { Timeout = 15_000 });
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
