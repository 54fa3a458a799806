using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Accounts;

namespace Hypersend.Server.Features.Users;

/// <summary>A person as the store knows them, with what stands between them and the one who asks.</summary>
internal sealed record Profile
{
    public UserId Id { get; init; }

    public string Username { get; init; } = "";

    public string UsernameKey { get; init; } = "";

    public string? Email { get; init; }

    public string Name { get; init; } = "";

    public string Bio { get; init; } = "";

    public string? AvatarHash { get; init; }

    public string Role { get; init; } = Roles.User;

    public bool Disabled { get; init; }

    public bool TotpEnabled { get; init; }

    public long? QuotaBytes { get; init; }

    public DateTimeOffset? LastSeen { get; init; }

    public string LastSeenAudience { get; init; } = Audiences.Everyone;

    /// <summary>The setting of the one who asks.</summary>
    public string ViewerAudience { get; init; } = Audiences.Everyone;

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>They follow the one who asks.</summary>
    public bool FollowsViewer { get; init; }

    /// <summary>They have a direct chat with the one who asks. Looked up only where the last_seen of either is for contacts.</summary>
    public bool MeetsViewer { get; init; }

    public bool BlocksViewer { get; init; }

    public bool FollowedByViewer { get; init; }

    public bool BlockedByViewer { get; init; }

    public static Profile OfNew(NewAccount account, string role) => new()
    {
        Id = account.Id,
        Username = account.Username,
        UsernameKey = account.UsernameKey,
        Email = account.Email,
        Name = account.Name,
        Role = role,
        LastSeen = account.CreatedAt,
        CreatedAt = account.CreatedAt,
    };
}
