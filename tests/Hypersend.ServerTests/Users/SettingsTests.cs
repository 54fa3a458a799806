using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Users;

public sealed class SettingsTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Everything_has_a_value_from_the_start()
    {
        var ana = await app.SignUpAsync("ana");

        var settings = await ana.Users.GetSettingsAsync();

        Assert.Equal(new NotificationSettings { Level = "all", Preview = true, Sound = true, QuietFrom = "", QuietTo = "", Zone = "", Digest = "off" }, settings.Notifications);
        Assert.Equal((Audiences.Everyone, "system", "", ""),
            (settings.Privacy!.LastSeen, settings.Appearance!.Theme, settings.Appearance.Seed, settings.Language));
    }

    [Fact]
    public async Task A_change_touches_what_it_names()
    {
        var ana = await app.SignUpAsync("ana");
        var bela = await app.SignUpAsync("bela");

        await ana.Users.UpdateSettingsAsync(new UserSettings { Appearance = new AppearanceSettings { Theme = "dark", Seed = "#2a6fdb" } });
        await ana.Users.UpdateSettingsAsync(new UserSettings { Language = "fr" });
        await ana.Users.UpdateSettingsAsync(new UserSettings { Privacy = new PrivacySettings { LastSeen = Audiences.Nobody } });
        var answered = await ana.Users.UpdateSettingsAsync(new UserSettings { Appearance = new AppearanceSettings { Theme = "light" } });

        Assert.Equal((Audiences.Nobody, "light", "#2a6fdb", "fr"),
            (answered.Privacy!.LastSeen, answered.Appearance!.Theme, answered.Appearance.Seed, answered.Language));
        Assert.Equal(answered, await (await app.SignInAsync(ana)).Users.GetSettingsAsync());
        var quiet = await ana.Users.UpdateSettingsAsync(new UserSettings { Notifications = new NotificationSettings { Level = "mentions", Sound = false } });
        Assert.Equal(new NotificationSettings { Level = "mentions", Preview = true, Sound = false, QuietFrom = "", QuietTo = "", Zone = "", Digest = "off" }, quiet.Notifications);
        Assert.Equal("", (await ana.Users.UpdateSettingsAsync(new UserSettings { Language = "" })).Language);
        Assert.Equal("system", (await bela.Users.GetSettingsAsync()).Appearance!.Theme);
        Assert.Equal("", (await ana.Users.UpdateSettingsAsync(new UserSettings { Appearance = new AppearanceSettings { Seed = "" } })).Appearance!.Seed);
    }

    [Theory]
    [InlineData("""{"privacy":{"last_seen":"friends"}}""", "privacy.last_seen")]
    [InlineData("""{"privacy":{"messages":"friends"}}""", "privacy.messages")]
    [InlineData("""{"privacy":{"groups":""}}""", "privacy.groups")]
    [InlineData("""{"appearance":{"theme":"neon"}}""", "appearance.theme")]
    [InlineData("""{"appearance":{"seed":"blue"}}""", "appearance.seed")]
    [InlineData("""{"language":"x"}""", "language")]
    [InlineData("""{"language":"de-<b>"}""", "language")]
    [InlineData("""{"notifications":{"level":"some"}}""", "notifications.level")]
    public async Task A_wrong_value_is_named_and_nothing_changes(string json, string field)
    {
        var ana = await app.SignUpAsync("ana");

        var problem = await ana.SendAsync(HttpMethod.Put, "/api/v1/users/me/settings", json).RefusedAsync(422, ErrorCodes.ValidationFailed);

        Assert.Equal([field], problem.Errors!.Keys);
        Assert.Equal("system", (await ana.Users.GetSettingsAsync()).Appearance!.Theme);
    }

    [Fact]
    public async Task Parallel_changes_of_different_parts_all_stay()
    {
        var ana = await app.SignUpAsync("ana");

        await Task.WhenAll(
            ana.Users.UpdateSettingsAsync(new UserSettings { Language = "de" }),
            ana.Users.UpdateSettingsAsync(new UserSettings { Appearance = new AppearanceSettings { Theme = "dark" } }),
            ana.Users.UpdateSettingsAsync(new UserSettings { Appearance = new AppearanceSettings { Seed = "#000000" } }),
            ana.Users.UpdateSettingsAsync(new UserSettings { Privacy = new PrivacySettings { LastSeen = Audiences.Contacts } }));

        var settings = await ana.Users.GetSettingsAsync();
        Assert.Equal((Audiences.Contacts, "dark", "#000000", "de"),
            (settings.Privacy!.LastSeen, settings.Appearance!.Theme, settings.Appearance.Seed, settings.Language));
    }
}
