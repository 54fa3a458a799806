using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Users;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Text;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Users;

/// <summary>A person's own settings: absent parts of a change stay as they are.</summary>
internal sealed class ChangeSettings(IUserStore users, IBus bus)
{
    public async Task<Result<UserSettings>> ReadAsync(UserId id, CancellationToken cancellation) =>
        await users.FindSettingsAsync(id, cancellation) is { } stored ? Complete(Parse(stored)) : new Failure(ErrorCodes.NotFound);

    public async Task<Result<UserSettings>> HandleAsync(UserId id, UserSettings change, CancellationToken cancellation)
    {
        if (change.Appearance?.Seed is { Length: > 0 } seed && !HexColor.Is(seed))
            return Failure.OfField(ErrorCodes.ValidationFailed, "appearance.seed", "must be a colour such as #2a6fdb, or empty");
        if (change.Notifications?.Zone is { Length: > 0 } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            return Failure.OfField(ErrorCodes.ValidationFailed, "notifications.zone", "must be a time zone such as Europe/Berlin, or empty");
        var stored = await users.ChangeSettingsAsync(
            id,
            before => StoredSettings.Of(Merge(Complete(Parse(before)), change)),
            cancellation);
        if (stored is null)
            return new Failure(ErrorCodes.NotFound);
        var settings = Complete(Parse(stored));
        bus.Publish(new UserNotice(id, EventJson.Of(new SettingsUpdatedEvent { Settings = settings }, HypersendJson.Wire.SettingsUpdatedEvent)));
        if (change.Privacy is not null)
            bus.Publish(new CircleMoved(id));
        return settings;
    }

    private static UserSettings Parse(string json) => JsonSerializer.Deserialize(json, HypersendJson.Wire.UserSettings) ?? new UserSettings();

    private static UserSettings Complete(UserSettings settings) => Merge(
        new UserSettings
        {
            Privacy = new PrivacySettings { LastSeen = Audiences.Everyone, Messages = Audiences.Everyone, Groups = Audiences.Everyone, ReadReceipts = true },
            Notifications = new NotificationSettings { Level = "all", Preview = true, Sound = true, QuietFrom = "", QuietTo = "", Zone = "", Digest = "off" },
            Appearance = new AppearanceSettings { Theme = "system", Seed = "" },
            Language = "",
        },
        settings);

    private static UserSettings Merge(UserSettings before, UserSettings change) => new()
    {
        Language = change.Language ?? before.Language,
        Privacy = new PrivacySettings
        {
            LastSeen = change.Privacy?.LastSeen ?? before.Privacy?.LastSeen,
            Messages = change.Privacy?.Messages ?? before.Privacy?.Messages,
            Groups = change.Privacy?.Groups ?? before.Privacy?.Groups,
            ReadReceipts = change.Privacy?.ReadReceipts ?? before.Privacy?.ReadReceipts,
        },
        Notifications = new NotificationSettings
        {
            Level = change.Notifications?.Level ?? before.Notifications?.Level,
            Preview = change.Notifications?.Preview ?? before.Notifications?.Preview,
            Sound = change.Notifications?.Sound ?? before.Notifications?.Sound,
            QuietFrom = change.Notifications?.QuietFrom ?? before.Notifications?.QuietFrom,
            QuietTo = change.Notifications?.QuietTo ?? before.Notifications?.QuietTo,
            Zone = change.Notifications?.Zone ?? before.Notifications?.Zone,
            Digest = change.Notifications?.Digest ?? before.Notifications?.Digest,
        },
        Appearance = new AppearanceSettings
        {
            Theme = change.Appearance?.Theme ?? before.Appearance?.Theme,
            Seed = change.Appearance?.Seed ?? before.Appearance?.Seed,
        },
    };
}
