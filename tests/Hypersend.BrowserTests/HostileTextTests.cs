using System.Text.Json;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Users;
using Hypersend.Sdk;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class HostileTextTests(AppServer server, Chromium chromium)
{
    /// <summary>What stands in bubbles and is not one of the few elements that words are made of, or leads elsewhere than it may.</summary>
    private const string Foreign = """
        () => [...document.querySelectorAll(".words *, .bar-chat *, .file-name *")].flatMap((one) => {
          const known = /^(P|BR|STRONG|EM|DEL|CODE|PRE|A|SPAN|DIV|UL|OL|LI|BLOCKQUOTE|BDI|BUTTON|SVG|USE)$/i.test(one.tagName);
          const leads = one.tagName !== "A" || /^(https?:|mailto:|\/)/.test(one.getAttribute("href"));
          const acts = one.getAttributeNames().some((name) => name.startsWith("on"));
          return known && leads && !acts ? [] : [one.outerHTML];
        })
        """;

    [Fact]
    public async Task Strings_that_attack_pages_are_text_wherever_they_stand()
    {
        var file = Path.Combine(Repository.Root, "..", "shared", "data", "naughty-strings.json");
        Assert.SkipUnless(File.Exists(file), "../shared/data/naughty-strings.json is not here.");
        using var all = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
        var strings = all.RootElement.EnumerateArray().Select(one => one.GetString()!)
            .Where(one => one.Contains('<', StringComparison.Ordinal) || one.Contains("javascript:", StringComparison.OrdinalIgnoreCase)).ToArray();
        Assert.True(strings.Length > 100, "The list is shorter than it was.");
        var hal = await server.SignUpAsync("hal");
        const string Name = "<svg/onload=alert(1)>";
        var chat = await hal.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = Name, Description = strings.First(one => one.Length < 200) });
        var seqs = new List<(long Seq, string Text)>();
        foreach (var text in strings)
        {
            var sent = await hal.Messages.SendAsync(new SendMessageRequest { ChatId = chat.Id, Content = text });
            seqs.Add((sent.Message!.Seq, text));
        }

        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        var dialogs = 0;
        page.Dialog += (_, dialog) =>
        {
            Interlocked.Increment(ref dialogs);
            _ = dialog.DismissAsync();
        };
        await page.EnterAsync("hal", $"/c/{chat.Id}");
        await Expect(page.Locator(".bar-chat")).ToHaveTextAsync(Name);
        foreach (var some in seqs.Chunk(40))
        {
            var middle = some[some.Length / 2].Seq;
            await Town.GoAsync(page, $"/c/{chat.Id}/m/{middle}");
            foreach (var (seq, text) in some)
            {
                var shown = await page.Locator($"[data-seq='{seq}'] .bubble").InnerTextAsync();
                // Marks of emphasis and code are taken for what they are; all the rest is there, letter for letter.
                Assert.Contains(Letters(text), Letters(shown), StringComparison.Ordinal);
            }

            Assert.Empty(await page.EvaluateAsync<string[]>(Foreign));
        }

        Assert.Equal(0, dialogs);
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task People_chats_and_files_with_names_that_attack_pages_break_no_screen_of_a_narrow_phone()
    {
        const string Attack = "\"><img/src=x/onerror=alert(1)>";
        var town = await Town.FoundAsync(server, "hew");
        using var hew = new HypersendClient(server.Address);
        using var other = new HypersendClient(server.Address);
        await hew.Accounts.LoginAsync(new LoginRequest { Login = "hew", Password = Steps.Password });
        await other.Accounts.LoginAsync(new LoginRequest { Login = "hew2", Password = Steps.Password });
        await hew.Users.UpdateMeAsync(new UpdateUserRequest { Name = Attack, Bio = Attack + new string('W', 200) });
        await other.Users.UpdateMeAsync(new UpdateUserRequest { Name = string.Concat(Enumerable.Repeat("\uFDFD", 20)), Bio = Attack });
        var group = ChatId.Parse(town.Screens[1].Split('/')[2], null);
        await hew.Chats.UpdateAsync(group, new UpdateChatRequest { Name = new string('W', 80), Description = Attack });
        foreach (var name in new[] { Attack + ".txt", new string('W', 180) + ".png" })
        {
            var bytes = "<script>alert(1)</script>"u8.ToArray();
            var upload = await hew.Files.InitAsync(new InitUploadRequest { Filename = name, Size = bytes.Length, Mime = "text/html", ChatId = group, Caption = Attack });
            await hew.Files.SendChunkAsync(upload.UploadId, 0, bytes);
            await hew.Files.CompleteAsync(upload.UploadId);
        }

        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        var dialogs = 0;
        page.Dialog += (_, dialog) =>
        {
            Interlocked.Increment(ref dialogs);
            _ = dialog.DismissAsync();
        };
        await page.EnterAsync("hew", "/");
        await Expect(page.Heading("Chats")).ToBeAttachedAsync();
        var screens = new Screens(page, "phone");
        foreach (var path in town.Screens)
        {
            await Town.GoAsync(page, path);
            await screens.ReadAsync(path);
            Assert.Equal(0, await page.Locator("img[src='x'], [onerror], [onload], script:not([src])").CountAsync());
        }

        Assert.Equal(0, dialogs);
        complaints.ShouldBeNone();
    }

    private static string Letters(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit));
}
