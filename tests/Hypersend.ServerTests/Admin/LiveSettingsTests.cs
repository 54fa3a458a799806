using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Admin;

public sealed class LiveSettingsTests(App shared) : IClassFixture<App>
{
    [Fact]
    [OneNode("other nodes read it within five seconds")]
    public async Task A_change_is_in_force_at_once_shown_to_all_and_kept_over_a_restart()
    {
        await using var app = await App.StartAsync("--BRAND_NAME=Old Name", "--DEFAULT_QUOTA=1000");
        var admin = await app.SignUpAsync("admin");
        Assert.Equal(("open", 1000, "Old Name", "#3355cc"), Values(await admin.Admin.GetSettingsAsync()));

        var changed = await admin.Admin.UpdateSettingsAsync(new ServerSettings { BrandName = "Studio Nørd", Registration = "closed" });
        await admin.Admin.UpdateSettingsAsync(new ServerSettings { BrandColor = "#2A6FDB" });

        Assert.Equal(("closed", 1000, "Studio Nørd", "#3355cc"), Values(changed));
        var card = await app.Anonymous().Server.GetCardAsync();
        Assert.Equal(("Studio Nørd", "#2A6FDB", "closed", false), (card.Name, card.BrandColor, card.Registration, card.NeedsSetup));
        await app.SignUpAsync("late").RefusedAsync(403, ErrorCodes.RegistrationClosed);

        await app.RestartAsync();
        Assert.Equal(("closed", 1000, "Studio Nørd", "#2A6FDB"), Values(await admin.Admin.GetSettingsAsync()));
        await admin.Admin.UpdateSettingsAsync(new ServerSettings { Registration = "open" });
        await app.SignUpAsync("early");
    }

    [Theory]
    [InlineData("""{"registration":"maybe"}""", "registration")]
    [InlineData("""{"default_quota_bytes":-1}""", "default_quota_bytes")]
    [InlineData("""{"brand_name":""}""", "brand_name")]
    [InlineData("""{"brand_color":"blue"}""", "brand_color")]
    public async Task A_wrong_value_is_named_and_nothing_changes(string json, string field)
    {
        var admin = shared.Admin;
        var before = await admin.Admin.GetSettingsAsync();

        var problem = await admin.SendAsync(HttpMethod.Put, "/api/v1/admin/settings", json).RefusedAsync(422, ErrorCodes.ValidationFailed);

        Assert.Equal([field], problem.Errors!.Keys);
        Assert.Equal(before, await admin.Admin.GetSettingsAsync());
    }

    private static (string?, long?, string?, string?) Values(ServerSettings settings) =>
        (settings.Registration, settings.DefaultQuotaBytes, settings.BrandName, settings.BrandColor);
}
