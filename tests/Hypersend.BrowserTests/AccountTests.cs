using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class AccountTests(AppServer server, Chromium chromium)
{
    private static readonly string[] Sections = ["profile", "appearance", "security", "devices"];

    [Theory]
    [InlineData("desktop", 1280, 800)]
    [InlineData("phone", 400, 850)]
    public async Task A_person_registers_comes_back_after_a_reload_and_logs_out(string size, int width, int height)
    {
        await using var context = await chromium.OpenAsync(server.Address, width, height);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        var tokens = new TokenSearch(page);
        var screens = new Screens(page, size);

        await LookAtTheDoorAsync(page, screens);
        await LookAtTheFormAsync(page, screens);
        await page.RegisterAsync($"ana_{size}", "Ana");
        await screens.CheckAsync("account");

        await page.ReloadAsync();
        await Expect(page.GetByText($"@ana_{size}").First).ToBeVisibleAsync();
        await tokens.ShouldFindNothingAsync();

        await LookAtTheAccountAsync(page, screens);
        await page.GotoAsync("/account");
        await page.LogOutAsync();
        await page.ReloadAsync();
        await page.ExpectSignInPageAsync();
        await tokens.ShouldFindNothingAsync();
        await SpeakAsync(page, screens, "ar", "rtl", "تسجيل الدخول");
        await SpeakAsync(page, screens, "ja", "ltr", "ログイン");
        complaints.ShouldBeNone();
    }

    private static async Task LookAtTheDoorAsync(IPage page, Screens screens)
    {
        await page.GotoAsync("/");
        await Expect(page.Heading("Log in")).ToBeVisibleAsync();
        await screens.CheckAsync("login");

        await page.GetByRole(AriaRole.Button, new() { Name = "Log in", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Please fill in this field.").First).ToBeVisibleAsync();
        await Expect(page.GetByLabel("E-mail or username")).ToBeFocusedAsync();
        await screens.CheckAsync("login-faults");

        await page.GetByRole(AriaRole.Link, new() { Name = "Forgot your password?" }).ClickAsync();
        await Expect(page.Heading("Forgot your password?")).ToBeVisibleAsync();
        await screens.CheckAsync("forgot");

        await page.GotoAsync("/reset");
        await Expect(page.Heading("This link is not complete")).ToBeVisibleAsync();
        await screens.CheckAsync("reset-incomplete");

        await page.GotoAsync("/login#");
        await page.GotoAsync("/reset#token=abc");
        await Expect(page.Heading("Choose a new password")).ToBeVisibleAsync();
        Assert.DoesNotContain("abc", page.Url, StringComparison.Ordinal);
        await screens.CheckAsync("reset");
    }

    private static async Task LookAtTheFormAsync(IPage page, Screens screens)
    {
        await page.GotoAsync("/register");
        await page.Field("Password").FillAsync(Steps.Password);
        await Expect(page.GetByText("Strong password")).ToBeVisibleAsync();
        await screens.CheckAsync("register");
    }

    private static async Task LookAtTheAccountAsync(IPage page, Screens screens)
    {
        foreach (var section in Sections)
        {
            await page.GotoAsync($"/account/{section}");
            await Expect(page.Locator(".card :is(button, label)").First).ToBeVisibleAsync();
            await Expect(page.Locator(".skeleton")).ToHaveCountAsync(0);
            await screens.CheckAsync($"account-{section}");
        }

        await page.GotoAsync("/account/security");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up" }).ClickAsync();
        await Expect(page.GetByText("otpauth://totp/").First).ToBeVisibleAsync();
        await screens.CheckAsync("account-two-step");

        var delete = page.GetByRole(AriaRole.Button, new() { Name = "Delete account" });
        await delete.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await screens.CheckAsync("account-delete");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(delete).ToBeFocusedAsync();

        // A dialog that closes takes its place in the history with it, a moment later.
        await page.WaitForFunctionAsync("() => !history.state?.overlay");
    }

    private static async Task SpeakAsync(IPage page, Screens screens, string language, string direction, string title)
    {
        await page.Locator("footer select").SelectOptionAsync(language);
        await Expect(page.Heading(title)).ToBeVisibleAsync();
        // The choice is remembered, and stands before the app has started.
        await page.ReloadAsync();
        await Expect(page.Heading(title)).ToBeVisibleAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", language);
        Assert.Equal(direction, await page.EvaluateAsync<string>("() => getComputedStyle(document.body).direction"));
        await screens.CheckAsync($"login-{language}");
    }
}
