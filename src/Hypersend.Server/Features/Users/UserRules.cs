using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Presence;
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
    public static User Present(Profile profile, Viewer viewer, PresenceTable presence, bool withRelation = false)
    {
        var self = profile.Id == viewer.Id;
        var close = self || viewer.IsAdmin;
        var maySee = profile.DeletedAt is null && MaySeeLastSeen(profile, viewer);
        var here = maySee ? presence.Of(profile.Id) : PresenceNow.Offline;
        return new User
        {
            Id = profile.Id,
            Username = profile.Username,
            Name = profile.Name,
            Bio = profile.Bio,
            AvatarUrl = AvatarUrl(profile.Id, profile.AvatarHash),
            Role = profile.Role,
            LastSeen = maySee ? LastSeenOf(profile, here, self) : null,
            Presence = (self ? here.Status : here.Shown).Word(),
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

    // The request of an invisible one must not give away that they are here.
    private static DateTimeOffset? LastSeenOf(Profile profile, PresenceNow here, bool self) =>
        !self && here is { Status: PresenceStatus.Invisible, Since: { } since } && profile.LastSeen > since ? since : profile.LastSeen;

    // Whoever I follow or have a direct chat with is my contact, unless I block them. Who hides from somebody does not see them either.
    private static bool MaySeeLastSeen(Profile profile, Viewer viewer) =>
        profile.Id == viewer.Id ||
        (!profile.BlocksViewer
            && PresenceRules.Admits(profile.LastSeenAudience, profile.FollowsViewer || profile.MeetsViewer)
            && PresenceRules.Admits(profile.ViewerAudience, profile.FollowedByViewer || profile.MeetsViewer));
}
