using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

public sealed class ProfileTests(AppServer server, Chromium chromium)
{
    [Fact]
    public async Task A_person_makes_the_profile_their_own_and_a_reload_shows_it()
    {
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page, "403 /users/me", "409 /users/me");
        await page.RegisterAsync("pia");

        await SaveAsync(page, ("Display name", ""));
        await page.ExpectFaultAsync("Display name", "Please fill in this field.");
        await SaveAsync(page, ("Display name", "Pia Müller 🦊"), ("About you (optional)", "Two lines,\nin one text."));
        await page.ExpectToastAsync("Profile saved");
        await SaveAsync(page, ("Username", "admin"));
        await page.ExpectFaultAsync("Username", "This username is taken.");
        await SaveAsync(page, ("Username", "pia.m"));
        await page.ExpectToastAsync("Profile saved");

        await Expect(page.Field("Current password")).ToHaveCountAsync(0);
        await SaveAsync(page, ("E-mail", "pia.m@example.org"), ("Current password", "not this one"));
        await page.ExpectFaultAsync("Current password", "The current password is wrong.");
        await SaveAsync(page, ("Current password", Steps.Password));
        await Expect(page.Field("Current password")).ToHaveCountAsync(0);

        await page.ReloadAsync();
        await Expect(page.Field("Display name")).ToHaveValueAsync("Pia Müller 🦊");
        await Expect(page.Field("About you (optional)")).ToHaveValueAsync("Two lines,\nin one text.");
        await Expect(page.Field("E-mail")).ToHaveValueAsync("pia.m@example.org");
        await Expect(page.Locator(".account-who")).ToContainTextAsync("@pia.m");
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task A_photo_is_shown_kept_and_removed_again()
    {
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        var complaints = new Complaints(page);
        await page.RegisterAsync("philo");
        await page.OpenAsync("profile");

        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "not.png", MimeType = "image/png", Buffer = "no picture"u8.ToArray() });
        await page.ExpectNoticeAsync("This file is not a picture that the browser can read.");
        await page.Locator("input[type=file]").SetInputFilesAsync(Path.Combine(Repository.Root, "src", "Hypersend.Web", "public", "icon-512.png"));
        await page.ExpectToastAsync("Photo changed");
        await ExpectPictureAsync(page);
        await page.ReloadAsync();
        await ExpectPictureAsync(page);

        await page.Button("Remove photo").ClickAsync();
        await page.ExpectToastAsync("Photo removed");
        await page.ReloadAsync();
        await Expect(page.Locator(".avatar.large")).ToHaveTextAsync("P");
        await Expect(page.Locator(".avatar img")).ToHaveCountAsync(0);
        complaints.ShouldBeNone();
    }

    [Fact]
    public async Task The_look_and_the_language_follow_the_account_to_another_device()
    {
        await using var first = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await first.NewPageAsync();
        var complaints = new Complaints(page);
        await page.RegisterAsync("lou");
        await page.OpenAsync("appearance");
        var usual = await LookAsync(page);
        await Expect(page.Field("The server's colour")).ToBeCheckedAsync();

        await page.Locator(".choice", new() { HasText = "Dark" }).ClickAsync();
        await page.Field("Teal").CheckAsync(new() { Force = true });
        var chosen = await LookAsync(page);
        Assert.NotEqual(usual, chosen);
        // All three in a row: none waits for the one before to be saved.
        await WhenSavedAsync(page, () => page.Field("Language").SelectOptionAsync("ar"));
        await Expect(page.Heading("المظهر")).ToBeVisibleAsync();
        Assert.Equal("rtl", await page.EvaluateAsync<string>("() => getComputedStyle(document.body).direction"));
        await page.ReloadAsync();
        await Expect(page.Heading("المظهر")).ToBeVisibleAsync();
        Assert.Equal(chosen, await LookAsync(page));

        await using var second = await chromium.OpenAsync(server.Address, 400, 850);
        var other = await second.NewPageAsync();
        complaints = new Complaints(other);
        await other.GotoAsync("/");
        await other.TryToLogInAsync("lou");
        await Expect(other.Heading("المحادثات")).ToBeAttachedAsync();
        Assert.Equal(chosen, await LookAsync(other));

        // A second choice elsewhere comes along at the next start.
        await WhenSavedAsync(page, () => page.Locator(".field select").SelectOptionAsync("de"));
        await other.ReloadAsync();
        await Expect(other.Locator("html")).ToHaveAttributeAsync("lang", "de");
        complaints.ShouldBeNone();
    }

    private static async Task SaveAsync(IPage page, params (string Label, string Text)[] texts)
    {
        foreach (var (label, text) in texts) await page.Field(label).FillAsync(text);
        await page.Button("Save").ClickAsync();
    }

    private static async Task ExpectPictureAsync(IPage page)
    {
        await Expect(page.Locator(".avatar.large img")).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('.avatar.large img').naturalWidth > 0");
    }

    /// <summary>The page's own colour tells theme and seed in one.</summary>
    private static Task<string> LookAsync(IPage page) =>
        page.EvaluateAsync<string>("() => { const style = getComputedStyle(document.documentElement); return style.backgroundColor + style.colorScheme; }");

    private static async Task WhenSavedAsync(IPage page, Func<Task> change) =>
        await page.RunAndWaitForResponseAsync(change, answer => answer.Ok && answer.Request.Method == "PUT" && answer.Request.PostData!.Contains("language", StringComparison.Ordinal));
}
