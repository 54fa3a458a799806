using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;

namespace Hypersend.Server.Features.Users;

/// <summary>Where people's profiles are kept, and who follows or blocks whom.</summary>
internal interface IUserStore
{
    /// <summary>The profile and its relation to the viewer; null when there is no such person.</summary>
    Task<Profile?> FindAsync(UserId id, UserId viewer, CancellationToken cancellation);

    /// <summary>People with a word beginning with each of these, by user name.</summary>
    Task<IReadOnlyList<Profile>> SearchAsync(IReadOnlyList<string> words, UserId viewer, string after, int limit, CancellationToken cancellation);

    Task<IReadOnlyList<Profile>> ListAsync(Circle circle, UserId viewer, string after, int limit, CancellationToken cancellation);

    /// <summary>Null when it is done; otherwise the code of the refusal.</summary>
    Task<string?> UpdateAsync(UserId id, ProfileChange change, CancellationToken cancellation);

    /// <summary>False when there is no such person (any more).</summary>
    Task<bool> SetAvatarAsync(UserId id, Avatar? avatar, CancellationToken cancellation);

    Task<Avatar?> FindAvatarAsync(UserId id, CancellationToken cancellation);

    /// <summary>Makes the account a named ghost and ends its sessions; null when done, otherwise the code of the refusal.</summary>
    Task<string?> DeleteAsync(UserId id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>False when the other is unknown, or blocks me.</summary>
    Task<bool> FollowAsync(UserId me, UserId other, DateTimeOffset now, CancellationToken cancellation);

    Task UnfollowAsync(UserId me, UserId other, CancellationToken cancellation);

    /// <summary>False when the other is unknown. Neither follows the other any more.</summary>
    Task<bool> BlockAsync(UserId me, UserId other, DateTimeOffset now, CancellationToken cancellation);

    Task UnblockAsync(UserId me, UserId other, CancellationToken cancellation);

    /// <summary>The person's settings as the JSON they were stored as.</summary>
    Task<string?> FindSettingsAsync(UserId id, CancellationToken cancellation);

    /// <summary>Changes the settings in one step: <paramref name="change"/> gets the stored JSON and gives the new one.</summary>
    Task<string?> ChangeSettingsAsync(UserId id, Func<string, StoredSettings> change, CancellationToken cancellation);
}

/// <summary>A person's settings, and of them what queries ask for.</summary>
internal sealed record StoredSettings(string Json)
{
    public string LastSeenAudience { get; init; } = Audiences.Everyone;

    public string MessageAudience { get; init; } = Audiences.Everyone;

    public string GroupAudience { get; init; } = Audiences.Everyone;

    public bool HidesReading { get; init; }

    public bool WantsDigest { get; init; }

    public static StoredSettings Of(UserSettings settings) => new(JsonSerializer.Serialize(settings, HypersendJson.Wire.UserSettings))
    {
        LastSeenAudience = settings.Privacy?.LastSeen ?? Audiences.Everyone,
        MessageAudience = settings.Privacy?.Messages ?? Audiences.Everyone,
        GroupAudience = settings.Privacy?.Groups ?? Audiences.Everyone,
        HidesReading = settings.Privacy?.ReadReceipts == false,
        WantsDigest = settings.Notifications?.Digest == DigestModes.Daily,
    };
}

/// <summary>The people around me, by what ties us.</summary>
internal enum Circle
{
    /// <summary>Whom I follow or share a direct chat with, and do not block.</summary>
    Contacts,
    Following,
    Followers,
    Blocked,
}

/// <summary>What changes of a profile; null stays as it is.</summary>
internal sealed record ProfileChange
{
    public string? Name { get; init; }

    public string? Bio { get; init; }

    public string? Username { get; init; }

    public string? UsernameKey { get; init; }

    public string? Email { get; init; }

    public string? EmailKey { get; init; }
}

/// <summary>A picture by the hash of its bytes.</summary>
internal sealed record Avatar
{
    public string Hash { get; init; } = "";

    public string Mime { get; init; } = "";
}
