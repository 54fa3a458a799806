using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Users;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Users;

/// <summary>What a person lets others do, and that their devices agree on it.</summary>
public sealed class PrivacyTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData(Audiences.Everyone, true, true)]
    [InlineData(Audiences.Contacts, false, true)]
    [InlineData(Audiences.Nobody, false, false)]
    public async Task Who_may_write_to_somebody_first_is_theirs_to_say(string audience, bool stranger, bool contact)
    {
        var (ana, bela, friend) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"), await app.SignUpAsync("friend"));
        await ana.Users.FollowAsync(friend.Id);

        await ana.Users.UpdateSettingsAsync(new UserSettings { Privacy = new PrivacySettings { Messages = audience } });

        await OpensAsync(stranger, () => bela.SendAsync(HttpMethod.Post, "/api/v1/chats", $$"""{"type":"direct","member_ids":["{{ana.Id}}"]}"""));
        await OpensAsync(contact, () => friend.SendAsync(HttpMethod.Post, "/api/v1/chats", $$"""{"type":"direct","member_ids":["{{ana.Id}}"]}"""));
        await ana.DirectAsync(bela);
        await bela.DirectAsync(ana);
    }

    [Theory]
    [InlineData(Audiences.Everyone, true, true)]
    [InlineData(Audiences.Contacts, false, true)]
    [InlineData(Audiences.Nobody, false, false)]
    public async Task Who_may_bring_somebody_into_a_group_is_theirs_to_say(string audience, bool stranger, bool contact)
    {
        var (ana, bela, friend) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"), await app.SignUpAsync("friend"));
        await friend.DirectAsync(ana);
        await ana.Users.UpdateSettingsAsync(new UserSettings { Privacy = new PrivacySettings { Groups = audience } });
        var group = await app.GroupAsync(bela, friend);

        await OpensAsync(stranger, () => bela.SendAsync(HttpMethod.Post, "/api/v1/chats", $$"""{"type":"group","name":"Trip","member_ids":["{{ana.Id}}"]}"""));
        await OpensAsync(stranger, () => bela.SendAsync(HttpMethod.Post, $"/api/v1/chats/{group}/members", $$"""{"user_ids":["{{ana.Id}}"]}"""));
        await OpensAsync(contact, () => friend.SendAsync(HttpMethod.Post, "/api/v1/chats", $$"""{"type":"group","name":"Trip","member_ids":["{{ana.Id}}"]}"""));
    }

    [Fact]
    public async Task Who_hides_their_reading_is_shown_as_reached()
    {
        var (ana, bela) = (await app.SignUpAsync("ana"), await app.SignUpAsync("bela"));
        var chat = await ana.DirectAsync(bela);
        var message = await ana.SendAsync(chat, "read me");
        await bela.Users.UpdateSettingsAsync(new UserSettings { Privacy = new PrivacySettings { ReadReceipts = false } });
        await using var socket = await SocketClient.OpenAsync(app, ana);

        await bela.ReadAsync(chat);

        var told = await socket.NextAsync(one => one.Is("read") || one.Is("delivered"));
        Assert.Equal(("delivered", message.Seq), ((string?)told["type"], (long)told["seq"]!));
        var receipt = Assert.Single((await ana.Messages.ListReceiptsAsync(message.Id)).Items);
        Assert.Equal((true, false), (receipt.Delivered, receipt.Read));
        var synced = (await socket.HelloAsync())[^1];
        var peer = synced["chats"]!.AsArray().Single(one => (string?)one!["id"] == chat.ToString())!["peers"]![bela.Id.ToString()]!;
        Assert.Equal((0, message.Seq), ((long)peer["read"]!, (long)peer["delivered"]!));
        Assert.Equal((0, 0), await bela.WaitingAsync(chat));
    }

    [Fact]
    public async Task A_change_of_settings_reaches_my_other_devices_whole()
    {
        var ana = await app.SignUpAsync("ana");
        var bela = await app.SignUpAsync("bela");
        await ana.DirectAsync(bela);
        await using var phone = await SocketClient.OpenAsync(app, await app.SignInAsync(ana));
        await using var other = await SocketClient.OpenAsync(app, bela);

        await ana.Users.UpdateSettingsAsync(new UserSettings { Language = "te", Appearance = new AppearanceSettings { Theme = "dark" } });

        var settings = (await phone.NextAsync("settings.updated"))["settings"]!;
        Assert.Equal(("te", "dark", "everyone", true),
            ((string?)settings["language"], (string?)settings["appearance"]!["theme"], (string?)settings["privacy"]!["groups"], (bool)settings["privacy"]!["read_receipts"]!));
        Assert.DoesNotContain(await other.DrainAsync(), one => one.Is("settings.updated"));
    }

    private static async Task OpensAsync(bool may, Func<Task<HttpResponseMessage>> ask)
    {
        if (may)
            (await ask()).EnsureSuccessStatusCode();
        else
            await ask().RefusedAsync(403, ErrorCodes.RefusedByPrivacy);
    }
}
