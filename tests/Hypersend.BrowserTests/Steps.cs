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
        await Expect(page.Heading("Your account")).ToBeVisibleAsync();
    }

    /// <summary>Fills and sends the sign-in page; what comes of it is for the test to see.</summary>
    public static async Task TryToLogInAsync(this IPage page, string login, string password = Password)
    {
        await page.Field("E-mail or username").FillAsync(login);
        await page.Field("Password").FillAsync(password);
        await page.Button("Log in").ClickAsync();
    }

    public static async Task LogInAsync(this IPage page, string login, string password = Password)
    {
        await page.GotoAsync("/login");
        await page.TryToLogInAsync(login, password);
        await Expect(page.Heading("Your account")).ToBeVisibleAsync();
    }

    public static async Task LogOutAsync(this IPage page)
    {
        await page.Button("Log out").ClickAsync();
        await page.ExpectSignInPageAsync();
    }

    /// <summary>Opens a section of the account by its entry in the list.</summary>
    public static Task OpenAsync(this IPage page, string section) => page.Locator($".account-list a[href='/account/{section}']").ClickAsync();

    public static Task ExpectSignInPageAsync(this IPage page) => Expect(page.Heading("Log in")).ToBeVisibleAsync();

    public static Task ExpectToastAsync(this IPage page, string text) => Expect(page.Locator(".toast")).ToHaveTextAsync(text);

    public static Task ExpectNoticeAsync(this IPage page, string text) => Expect(page.GetByRole(AriaRole.Alert).GetByText(text)).ToBeVisibleAsync();
}
