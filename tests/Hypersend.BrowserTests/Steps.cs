using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>What a person does on a page, in the words on the screen.</summary>
internal static class Steps
{
    public const string Password = "quiet river 42 stones";

    public static ILocator Heading(this IPage page, string name) => page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    public static ILocator Button(this IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public static ILocator Link(this IPage page, string name) => page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public static ILocator MenuItem(this IPage page, string name) => page.GetByRole(AriaRole.Menuitem, new() { Name = name, Exact = true });

    public static ILocator Field(this IPage page, string label) => page.GetByLabel(label, new() { Exact = true });

    /// <summary>What the field says is wrong with it.</summary>
    public static Task ExpectFaultAsync(this IPage page, string label, string fault) =>
        Expect(page.Field(label)).ToHaveAccessibleDescriptionAsync(fault);

    public static async Task RegisterAsync(this IPage page, string username, string? name = null)
    {
        await page.GotoAsync("/register");
        await page.Field("Username").FillAsync(username);
        await page.Field("E-mail").FillAsync($"{username}@example.org");
        await page.Field("Display name (optional)").FillAsync(name ?? username);
        await page.Field("Password").FillAsync(Password);
        await page.Button("Create an account").ClickAsync();
        await page.ArriveAsync();
    }

    /// <summary>Fills and sends the sign-in page; what comes of it is for the test to see.</summary>
    public static async Task TryToLogInAsync(this IPage page, string login, string password = Password)
    {
        await page.Field("E-mail or username").FillAsync(login);
        await page.Field("Password").FillAsync(password);
        await page.Button("Log in").ClickAsync();
    }

    /// <summary>Straight to a page, as somebody who has signed in here on an earlier visit.</summary>
    public static async Task EnterAsync(this IPage page, string username, string path)
    {
        await page.Context.SignInAsync(username);
        await page.AddInitScriptAsync("if (location.protocol.startsWith('http')) localStorage.setItem('hs.in', '1')");
        await page.GotoAsync(path);
    }

    /// <summary>The cookie of a session, and nothing else.</summary>
    public static async Task SignInAsync(this IBrowserContext context, string username)
    {
        var answer = await context.APIRequest.PostAsync("/api/v1/auth/login", new() { DataObject = new { login = username, password = Password, session = "cookie" } });
        Assert.True(answer.Ok, $"{username} was not let in: {answer.Status}");
    }

    public static async Task SayAsync(this IPage page, string text)
    {
        await page.Field("Message").FillAsync(text);
        await page.Field("Message").PressAsync("Enter");
    }

    public static ILocator Bubble(this IPage page, string text) => page.Locator(".bubble", new() { HasText = text });

    /// <summary>What the server has: only then it has a place in the chat.</summary>
    public static ILocator Stored(this IPage page, string text) => page.Locator(".entry[data-seq]", new() { HasText = text }).Locator(".bubble");

    public static async Task LogInAsync(this IPage page, string login, string password = Password)
    {
        await page.GotoAsync("/login");
        await page.TryToLogInAsync(login, password);
        await page.ArriveAsync();
    }

    /// <summary>Inside: the list of chats is there. Goes on to the settings, where the tests of the account begin.</summary>
    public static async Task ArriveAsync(this IPage page)
    {
        await Expect(page.Heading("Chats")).ToBeAttachedAsync();
        await page.Button("Menu").ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Settings" }).ClickAsync();
        await Expect(page.Heading("Settings")).ToBeVisibleAsync();
    }

    public static async Task LogOutAsync(this IPage page)
    {
        await page.Button("Log out").ClickAsync();
        await page.ExpectSignInPageAsync();
    }

    /// <summary>Opens a section of the account by its entry in the list.</summary>
    public static Task OpenAsync(this IPage page, string section) => page.Locator($".account-list a[href='/settings/{section}']").ClickAsync();

    public static Task ExpectSignInPageAsync(this IPage page) => Expect(page.Heading("Log in")).ToBeVisibleAsync();

    public static Task ExpectToastAsync(this IPage page, string text) => Expect(page.Locator(".toast")).ToHaveTextAsync(text);

    public static Task ExpectNoticeAsync(this IPage page, string text) => Expect(page.GetByRole(AriaRole.Alert).GetByText(text)).ToBeVisibleAsync();
}
