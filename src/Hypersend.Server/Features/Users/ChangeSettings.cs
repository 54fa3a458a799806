using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Users;

/// <summary>A person's own settings: absent parts of a change stay as they are.</summary>
internal sealed class ChangeSettings(IUserStore users)
{
    public async Task<Result<UserSettings>> ReadAsync(UserId id, CancellationToken cancellation) =>
        await users.FindSettingsAsync(id, cancellation) is { } stored ? Complete(Parse(stored)) : new Failure(ErrorCodes.NotFound);

    public async Task<Result<UserSettings>> HandleAsync(UserId id, UserSettings change, CancellationToken cancellation)
    {
        if (change.Appearance?.Seed is { Length: > 0 } seed && !HexColor.Is(seed))
            return Failure.OfField(ErrorCodes.ValidationFailed, "appearance.seed", "must be a colour such as #2a6fdb, or empty");
        var stored = await users.ChangeSettingsAsync(
            id,
            before =>
            {
                var after = Merge(Complete(Parse(before)), change);
                return (JsonSerializer.Serialize(after, HypersendJson.Wire.UserSettings), after.Privacy!.LastSeen!);
            },
            cancellation);
        return stored is null ? new Failure(ErrorCodes.NotFound) : Complete(Parse(stored));
    }

    private static UserSettings Parse(string json) => JsonSerializer.Deserialize(json, HypersendJson.Wire.UserSettings) ?? new UserSettings();

    private static UserSettings Complete(UserSettings settings) => Merge(
        new UserSettings
        {
            Privacy = new PrivacySettings { LastSeen = Audiences.Everyone },
            Notifications = new NotificationSettings { Level = "all", Preview = true, Sound = true },
            Appearance = new AppearanceSettings { Theme = "system", Seed = "" },
            Language = "",
        },
        settings);

    private static UserSettings Merge(UserSettings before, UserSettings change) => new()
    {
        Language = change.Language ?? before.Language,
        Privacy = new PrivacySettings { LastSeen = change.Privacy?.LastSeen ?? before.Privacy?.LastSeen },
        Notifications = new NotificationSettings
        {
            Level = change.Notifications?.Level ?? before.Notifications?.Level,
            Preview = change.Notifications?.Preview ?? before.Notifications?.Preview,
            Sound = change.Notifications?.Sound ?? before.Notifications?.Sound,
        },
        Appearance = new AppearanceSettings
        {
            Theme = change.Appearance?.Theme ?? before.Appearance?.Theme,
            Seed = change.Appearance?.Seed ?? before.Appearance?.Seed,
        },
    };
}
