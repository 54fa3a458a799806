using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class SecurityTests(AppServer server, Chromium chromium)
{
    private const string NewPassword = "seven green kettles sing";

    [Fact]
    public async Task A_changed_password_ends_the_other_session()
    {
        await using var first = await chromium.OpenAsync(server.Address, 1280, 800);
        await using var second = await chromium.OpenAsync(server.Address, 400, 850);
        var (page, other) = (await first.NewPageAsync(), await second.NewPageAsync());
        var complaints = new Complaints(page, "403 /auth/change-password");
        await page.RegisterAsync("sam");
        await other.LogInAsync("sam");

        await page.OpenAsync("security");
        await ChangePasswordAsync(page, "not this one", NewPassword);
        await page.ExpectFaultAsync("Current password", "The current password is wrong.");
        await ChangePasswordAsync(page, Steps.Password, "short");
        await page.ExpectFaultAsync("New password", "3 more characters needed");
        await ChangePasswordAsync(page, Steps.Password, NewPassword);
        await page.ExpectToastAsync("Password changed");

        // The live connection says so at once; nothing has to be clicked.
        await other.ExpectSignInPageAsync();
        await other.TryToLogInAsync("sam");
        await other.ExpectNoticeAsync("The name or the password is wrong.");
        await other.LogInAsync("sam", NewPassword);

        // This one stays, also after its access token was renewed.
        await page.ReloadAsync();
        await Expect(page.Heading("Settings")).ToBeVisibleAsync();
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task A_second_step_is_set_up_asked_for_and_turned_off()
    {
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "401 /auth/login", "422 /auth/totp", "400 /auth/totp", "403 /auth/totp");
        await page.RegisterAsync("tess");

        await page.OpenAsync("security");
        await page.Button("Set up").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "Scan this with your authenticator app" })).ToBeVisibleAsync();
        var secret = await page.Locator(".secret").First.InnerTextAsync();
        await page.Field("6-digit code").FillAsync("000000");
        await page.Button("Turn on").ClickAsync();
        await page.ExpectNoticeAsync("This code is wrong or has run out.");
        await page.Field("6-digit code").FillAsync(await Authenticator.CodeAsync(secret, -1));
        await page.Button("Turn on").ClickAsync();
        await page.ExpectToastAsync("Two-step verification is on");
        var codes = await page.Locator(".codes li").AllInnerTextsAsync();
        Assert.Equal(10, codes.Count);
        // On a phone too, each is read at one look.
        await page.SetViewportSizeAsync(400, 850);
        Assert.All(await page.EvaluateAsync<int[]>("() => [...document.querySelectorAll('.codes li')].map((code) => { const range = document.createRange(); range.selectNodeContents(code); return range.getClientRects().length; })"), lines => Assert.Equal(1, lines));
        await page.SetViewportSizeAsync(1280, 800);
        var file = await page.RunAndWaitForDownloadAsync(() => page.Button("Download").ClickAsync());
        Assert.Equal(codes, (await File.ReadAllLinesAsync(await file.PathAsync())).Where(line => line.Length > 0));
        await page.Button("I have saved them").ClickAsync();
        await Expect(page.Locator(".badge.on")).ToHaveTextAsync("On");

        await page.LogOutAsync();
        await page.TryToLogInAsync("tess");
        await page.Field("6-digit code").FillAsync("000000");
        await page.Keyboard.PressAsync("Enter");
        await page.ExpectNoticeAsync("This code is wrong or has run out.");
        await page.Field("6-digit code").FillAsync(await Authenticator.CodeAsync(secret, 0));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Heading("Settings")).ToBeVisibleAsync();

        await page.LogOutAsync();
        await page.TryToLogInAsync("tess");
        await page.Field("6-digit code").FillAsync("000000");
        await page.Keyboard.PressAsync("Enter");
        await page.ExpectNoticeAsync("This code is wrong or has run out.");
        await page.Button("Use a recovery code").ClickAsync();
        await Expect(page.Field("Recovery code")).ToBeFocusedAsync();
        await Expect(page.GetByText("This code is wrong or has run out.")).ToHaveCountAsync(0);
        await page.Field("Recovery code").FillAsync(codes[0]);
        await page.Button("Continue").ClickAsync();
        await Expect(page.Heading("Settings")).ToBeVisibleAsync();

        await page.OpenAsync("security");
        await page.Field("Code").FillAsync(codes[0]);
        await page.Button("Turn off").ClickAsync();
        await page.ExpectNoticeAsync("This code is wrong or has run out.");
        await page.Field("Code").FillAsync(codes[1]);
        await page.Button("Turn off").ClickAsync();
        await page.ExpectToastAsync("Two-step verification is off");
        await page.LogOutAsync();
        await page.LogInAsync("tess");
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task An_account_is_deleted_with_its_password_and_is_gone()
    {
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "403 /users/me", "401 /auth", "401 /users", "401 /chats");
        await page.RegisterAsync("dora");
        await page.GotoAsync("/account/security");
        await page.Button("Delete account").ClickAsync();

        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Current password").FillAsync("not this one");
        await page.Button("Delete for good").ClickAsync();
        await Expect(dialog.GetByText("The current password is wrong.")).ToBeVisibleAsync();
        await dialog.GetByLabel("Current password").FillAsync(Steps.Password);
        await page.Button("Delete for good").ClickAsync();
        await page.ExpectSignInPageAsync();
        await page.TryToLogInAsync("dora");
        await page.ExpectNoticeAsync("The name or the password is wrong.");
        complaints.ShouldBeNone();
    }

    private static async Task ChangePasswordAsync(IPage page, string current, string next)
    {
        await page.Field("Current password").FillAsync(current);
        await page.Field("New password").FillAsync(next);
        await page.Button("Change password").ClickAsync();
    }
}
