using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Platform.Auth;

namespace Hypersend.Server.Features.Users;

/// <summary>Who looks at a profile.</summary>
internal readonly record struct Viewer(UserId Id, bool IsAdmin)
{
    public static Viewer Of(Caller caller) => new(caller.UserId, caller.IsAdmin);

    public static Viewer Self(UserId id) => new(id, false);
}

/// <summary>What one person may see of another.</summary>
internal static class UserRules
{
    /// <summary>Seen within this time counts as online.</summary>
    private static readonly TimeSpan OnlineFor = TimeSpan.FromSeconds(90);

    public static User Present(Profile profile, Viewer viewer, DateTimeOffset now, bool withRelation = false)
    {
        var self = profile.Id == viewer.Id;
        var close = self || viewer.IsAdmin;
        var seen = profile.DeletedAt is null && MaySeeLastSeen(profile, viewer) ? profile.LastSeen : null;
        return new User
        {
            Id = profile.Id,
            Username = profile.Username,
            Name = profile.Name,
            Bio = profile.Bio,
            AvatarUrl = AvatarUrl(profile.Id, profile.AvatarHash),
            Role = profile.Role,
            LastSeen = seen,
            Presence = seen is { } at && now - at < OnlineFor ? Presences.Online : Presences.Offline,
            CreatedAt = profile.CreatedAt,
            Email = close ? profile.Email : null,
            TotpEnabled = close ? profile.TotpEnabled : null,
            QuotaBytes = close ? profile.QuotaBytes : null,
            Disabled = viewer.IsAdmin ? profile.Disabled : null,
            Following = withRelation && !self ? profile.FollowedByViewer : null,
            Blocked = withRelation && !self ? profile.BlockedByViewer : null,
            Deleted = profile.DeletedAt is null ? null : true,
        };
    }

    /// <summary>The hash in the address changes with the picture, so browsers may keep it for ever.</summary>
    public static string? AvatarUrl(UserId id, string? hash) => hash is null ? null : $"/api/v1/users/{id}/avatar?v={hash[..16]}";

    // Whoever I follow is my contact.
    private static bool MaySeeLastSeen(Profile profile, Viewer viewer) =>
        profile.Id == viewer.Id ||
        (!profile.BlocksViewer && profile.LastSeenAudience switch
        {
            Audiences.Everyone => true,
            Audiences.Contacts => profile.FollowsViewer,
            _ => false,
        });
}
