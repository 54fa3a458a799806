using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Chats;
using Hypersend.Sdk;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class DoorTests(AppServer shared, Chromium chromium)
{
    [Fact]
    public async Task The_first_account_is_made_by_keyboard_alone_and_others_come_by_invitation()
    {
        await using var server = await AppServer.StartAsync("--REGISTRATION=invite");
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        // From elsewhere the code that the server has printed is asked for, after all that everybody is asked.
        await page.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["X-Forwarded-For"] = "203.0.113.7" });
        await page.GotoAsync("/");
        await Expect(page.Locator("form input").Last).ToHaveAttributeAsync("name", "setup_code");
        await Expect(page.Locator("form input").First).ToHaveAttributeAsync("name", "username");

        // On the machine itself it is not needed. Whoever opens a new server is not asked to log in.
        await page.SetExtraHTTPHeadersAsync(new Dictionary<string, string>());
        await page.GotoAsync("/");
        await Expect(page.Heading("Set up your server")).ToBeVisibleAsync();
        await TypeAsync(page, ("Username", "root"), ("E-mail", "root@example.org"), ("Display name (optional)", "Rosa"), ("Password", Steps.Password));
        await page.Keyboard.PressAsync("Enter");
        await page.ArriveAsync();
        complaints.ShouldBeNone();

        using var admin = new HypersendClient(server.Address);
        await admin.Accounts.LoginAsync(new LoginRequest { Login = "root", Password = Steps.Password });
        var invite = await admin.Admin.CreateInviteAsync();
        await using var guest = await chromium.OpenAsync(server.Address, 400, 850);
        var visitor = await guest.NewPageAsync();
        complaints = new Complaints(visitor, "403 /auth/register", "422 /auth/register");
        await visitor.GotoAsync("/register#invite=" + invite.Token![..^2] + "xx");
        await FillAndSendAsync(visitor, "gina");
        await visitor.ExpectFaultAsync("Invite code", "This invite code is not valid.");

        // Into the address of the page that is open, which loads nothing anew.
        await visitor.GotoAsync(new Uri(invite.Url!).PathAndQuery + new Uri(invite.Url!).Fragment);
        await Expect(visitor.Field("Invite code")).ToHaveValueAsync(invite.Token!);
        await FillAndSendAsync(visitor, "gina");
        await visitor.ArriveAsync();
        Assert.DoesNotContain(invite.Token!, visitor.Url, StringComparison.Ordinal);

        // The same server, now closed.
        await visitor.LogOutAsync();
        await admin.Admin.UpdateSettingsAsync(new ServerSettings { Registration = RegistrationModes.Closed });
        await visitor.GotoAsync("/login");
        await visitor.ExpectSignInPageAsync();
        await Expect(visitor.Link("Create an account")).ToHaveCountAsync(0);
        await visitor.GotoAsync("/register");
        await Expect(visitor.Heading("Registration is closed")).ToBeVisibleAsync();
        await visitor.Link("Back to log in").ClickAsync();
        await visitor.ExpectSignInPageAsync();
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Where_addresses_are_confirmed_the_link_of_the_mail_makes_the_account()
    {
        await using var server = await AppServer.StartAsync("--CONFIRM_MAIL=on");
        await server.SignUpAsync("admin");
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "410 /auth/confirm");
        await page.GotoAsync("/register");
        await FillAndSendAsync(page, "cora");
        await Expect(page.Heading("Check your mail")).ToBeVisibleAsync();

        var link = (await server.Mail.NextToAsync("cora@example.org")).Link;
        await page.GotoAsync(link.PathAndQuery + link.Fragment);
        await page.Button("Confirm and log in").ClickAsync();
        await page.ArriveAsync();
        await page.LogOutAsync();
        await page.GotoAsync(link.PathAndQuery + link.Fragment);
        await page.Button("Confirm and log in").ClickAsync();
        await page.ExpectNoticeAsync("This link has run out or was already used.");
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Guessing_is_told_how_long_to_wait()
    {
        await using var server = await AppServer.StartAsync("--RATE_LIMITS=on");
        await server.SignUpAsync("gus");
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "401 /auth/login", "429 /auth/login");
        await page.GotoAsync("/login");
        var status = 0;
        // The wait doubles with each failure, so that even a slow machine soon comes too early.
        for (var n = 0; n < 15 && status != 429; n++)
        {
            var answer = await page.RunAndWaitForResponseAsync(
                () => page.TryToLogInAsync("gus", $"guess {n}"), answer => answer.Url.EndsWith("/auth/login", StringComparison.Ordinal));
            await Expect(page.Button("Log in")).Not.ToHaveAttributeAsync("aria-disabled", "true");
            status = answer.Status;
        }

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"Too many attempts\. Try again in \d+ seconds?\."));
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task A_forgotten_password_is_replaced_by_the_link_in_a_mail()
    {
        await shared.SignUpAsync("fay");
        await using var context = await chromium.OpenAsync(shared.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "/auth/reset-password");
        await page.GotoAsync("/login");
        await page.Link("Forgot your password?").ClickAsync();
        await page.Field("E-mail").FillAsync("fay@example.org");
        await page.Button("Send link").ClickAsync();
        await Expect(page.Heading("Check your mail")).ToBeVisibleAsync();

        var letter = await shared.Mail.NextToAsync("fay@example.org");
        var link = letter.Link.PathAndQuery + letter.Link.Fragment;
        await page.GotoAsync(link);
        await page.Field("New password").FillAsync("a wholly different one 9");
        await page.Button("Save").ClickAsync();
        await Expect(page.Heading("Password changed")).ToBeVisibleAsync();
        await page.LogInAsync("fay", "a wholly different one 9");

        await page.GotoAsync(link);
        await page.Field("New password").FillAsync("and yet another one 10");
        await page.Button("Save").ClickAsync();
        await page.ExpectNoticeAsync("This link has run out or was already used.");
        await page.Link("Ask for a new link").ClickAsync();
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task Whoever_came_in_through_the_door_finds_messages_as_tall_as_their_words()
    {
        var ivy = await shared.SignUpAsync("ivy");
        await ivy.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Cabin" });
        await using var context = await chromium.OpenAsync(shared.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);

        // Without a reload: the sheets of the door are still there.
        await page.LogInAsync("ivy");
        await page.GoBackAsync();
        await page.Locator(".chat-row", new() { HasText = "Cabin" }).GetByRole(AriaRole.Link).ClickAsync();
        await page.SayAsync("home at last");
        await Expect(page.Stored("home at last")).ToBeVisibleAsync();
        var row = await page.Locator(".entry[data-seq]", new() { HasText = "home at last" }).BoundingBoxAsync();
        Assert.InRange(row!.Height, 20, 120);
        complaints.ShouldBeNone();
    }

    /// <summary>Walks from field to field as a person without a mouse does.</summary>
    private static async Task TypeAsync(IPage page, params (string Label, string Text)[] fields)
    {
        await page.Heading("Set up your server").FocusAsync();
        foreach (var (label, text) in fields)
        {
            await page.Keyboard.PressAsync("Tab");
            await Expect(page.Field(label)).ToBeFocusedAsync();
            await page.Keyboard.TypeAsync(text);
        }
    }

    private static async Task FillAndSendAsync(IPage page, string username)
    {
        await page.Field("Username").FillAsync(username);
        await page.Field("E-mail").FillAsync($"{username}@example.org");
        await page.Field("Password").FillAsync(Steps.Password);
        await page.Button("Create an account").ClickAsync();
    }
}
