using System.Buffers.Text;
using System.Text;
using Hypersend.Contracts;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Presence;

namespace Hypersend.Server.Features.Users;

/// <summary>Lists of people go by user name; the cursor is the last one's, wrapped so that nobody builds on it.</summary>
internal static class NameCursor
{
    public static bool TryRead(string? cursor, out string after)
    {
        after = "";
        if (string.IsNullOrEmpty(cursor))
            return true;
        if (cursor.Length > 200 || !Base64Url.IsValid(cursor))
            return false;
        after = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return !after.Contains('\0', StringComparison.Ordinal) && !after.Contains('\uFFFD', StringComparison.Ordinal);
    }

    /// <summary>A page of what a store gave when asked for one more than <paramref name="limit"/>.</summary>
    public static Page<User> Page(IReadOnlyList<Profile> found, int limit, Viewer viewer, PresenceTable presence) => new()
    {
        Items = [.. found.Take(limit).Select(profile => UserRules.Present(profile, viewer, presence))],
        NextCursor = found.Count > limit ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(found[limit - 1].UsernameKey)) : null,
    };
}
