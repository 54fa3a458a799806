using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Digests;

/// <summary>Sets the setting of whoever's mail holds the token to "off"; again is no error.</summary>
internal sealed class EndDigests(DigestTokens tokens, IUserStore users, IBus bus)
{
    public async Task<bool> HandleAsync(string? token, CancellationToken cancellation)
    {
        if (tokens.Read(token) is not { } user)
            return false;
        var settings = new UserSettings();
        if (await users.ChangeSettingsAsync(user, before => StoredSettings.Of(settings = SwitchOff(before)), cancellation) is null)
            return false;
        bus.Publish(new UserNotice(user, EventJson.Of(new SettingsUpdatedEvent { Settings = settings }, HypersendJson.Wire.SettingsUpdatedEvent)));
        return true;
    }

    private static UserSettings SwitchOff(string before)
    {
        var settings = JsonSerializer.Deserialize(before, HypersendJson.Wire.UserSettings) ?? new UserSettings();
        return settings with { Notifications = (settings.Notifications ?? new NotificationSettings()) with { Digest = DigestModes.Off } };
    }
}
