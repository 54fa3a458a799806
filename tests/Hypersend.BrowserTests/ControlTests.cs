using System.Text.Json;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>Every button, switch and link of every screen, and of what opens on it, once: something has to come of it.</summary>
public sealed class ControlTests(Chromium chromium)
{
    /// <summary>Requests, dialogs of the system and new windows are seen by no observer of the page.</summary>
    private const string Notice = """
        globalThis.acted = 0;
        const note = (owner, name, answer) => {
          const before = owner[name];
          owner[name] = function (...given) { globalThis.acted++; return answer ? answer() : before.apply(this, given); };
        };
        note(globalThis, "fetch");
        note(globalThis, "open", () => null);
        note(HTMLInputElement.prototype, "click", () => undefined);
        note(HTMLAnchorElement.prototype, "click", () => undefined);
        if (globalThis.showOpenFilePicker) note(globalThis, "showOpenFilePicker", () => Promise.reject(new DOMException("", "AbortError")));
        note(WebSocket.prototype, "send");
        note(Storage.prototype, "setItem");
        if (navigator.clipboard) note(Clipboard.prototype, "writeText", () => Promise.resolve());
        """;

    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

    private static string Pressing => Path.Combine(Repository.Root, "tests", "Hypersend.BrowserTests", "pressing.js");

    [Fact]
    public async Task Every_control_does_something_on_every_screen_and_in_every_menu_and_dialog()
    {
        await using var server = await AppServer.StartAsync();
        var town = await Town.FoundAsync(server, "ira");
        var direct = await SpareAsync(server, town);
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var faults = new List<string>();
        page.PageError += (_, error) => faults.Add(error);
        await page.AddInitScriptAsync(Notice);
        await page.EnterAsync("ira", "/");
        await Expect(page.Heading("Chats")).ToBeAttachedAsync();
        await page.EvaluateAsync(await File.ReadAllTextAsync(Pressing));
        await PressAsync(page, "([screens, chats]) => pressing.screens(screens, chats)", new string[][] { [.. town.Screens, "/admin", "/admin/server"], [direct] });
        var report = await PressAsync(page, "() => pressing.harm()", null);

        // The last of all was to log out everywhere.
        await page.ExpectSignInPageAsync();
        Assert.True(report.Pressed > 150 && report.Inside > 70, $"Only {report.Pressed} controls were found, {report.Inside} of them in {string.Join(", ", report.Opened)}.");
        Assert.True(faults.Count == 0 && report.Faults.Length == 0, "Nothing came of:\n" + string.Join('\n', faults.Concat(report.Faults)));
    }

    private static async Task<Report> PressAsync(IPage page, string script, object? given) =>
        (await page.EvaluateAsync<JsonElement>(script, given).WaitAsync(TimeSpan.FromMinutes(6))).Deserialize<Report>(JsonSerializerOptions.Web)!;

    /// <summary>What may be thrown away: people and chats with numbers for names, two pictures, and a message with a past. Answers the direct chat.</summary>
    private static async Task<string> SpareAsync(AppServer server, Town town)
    {
        using var ira = new HypersendClient(server.Address);
        await ira.Accounts.LoginAsync(new LoginRequest { Login = "ira", Password = Steps.Password });
        var group = ChatId.Parse(town.Screens[1].Split('/')[2], null);
        var others = new List<UserId>();
        foreach (var name in new[] { "ira3", "ira4" }) others.Add((await (await server.SignUpAsync(name)).Accounts.GetMeAsync()).Id);
        await ira.Chats.AddMembersAsync(group, others);
        var said = await ira.Messages.SendAsync(new SendMessageRequest { ChatId = group, Content = "Befor" });
        await ira.Messages.EditAsync(said.Message!.Id, "Before");
        var picture = Convert.FromBase64String(Pixel);
        foreach (var name in new[] { "Sea 1.png", "Sea 2.png" })
        {
            var upload = await ira.Files.InitAsync(new InitUploadRequest { Filename = name, Size = picture.Length, Mime = "image/png", Width = 1, Height = 1, ChatId = group });
            await ira.Files.SendChunkAsync(upload.UploadId, 0, picture);
            await ira.Files.CompleteAsync(upload.UploadId);
        }

        for (var n = 1; n <= 3; n++) await ira.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = $"Spare {n}" });
        return $"/c/{(await ira.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Direct, MemberIds = [others[0]] })).Id}";
    }

    private sealed record Report(int Pressed, int Inside, string[] Opened, string[] Faults);
}
