using Hypersend.Contracts.Users;

namespace Hypersend.Server.Features.Presence;

/// <summary>How several devices make one person, and who may see it.</summary>
internal static class PresenceRules
{
    public const int MostWatched = 500;

    /// <summary>
    /// The last word that somebody chose on any device holds; away is a device's own word, and holds when all say it.
    /// Null when there is nobody.
    /// </summary>
    public static PresenceState? Combine(PresenceState? one, PresenceState? other)
    {
        if (one is not { } first || other is not { } second)
            return one ?? other;
        if (first.Status == PresenceStatus.Away || second.Status == PresenceStatus.Away)
            return first.Status == PresenceStatus.Away ? second : first;
        return second.SetAt > first.SetAt ? second : first;
    }

    /// <summary>
    /// Whether one person may watch another: they know each other, neither hides from the other, and the watched one does
    /// not block the watcher.
    /// </summary>
    public static bool MayWatch(Acquaintance watcher, Acquaintance watched, Common common) =>
        watcher.Id == watched.Id
        || (!watched.Blocks.Contains(watcher.Id)
            && (common != Common.None || watched.Follows.Contains(watcher.Id) || watcher.Follows.Contains(watched.Id))
            && Admits(watched, watcher, common)
            && Admits(watcher, watched, common));

    /// <summary>Whether a setting lets somebody see; who hides from somebody does not see them either.</summary>
    public static bool Admits(string audience, bool isContact) => audience switch
    {
        Audiences.Everyone => true,
        Audiences.Contacts => isContact,
        _ => false,
    };

    private static bool Admits(Acquaintance person, Acquaintance other, Common common) =>
        Admits(person.Audience, common == Common.Direct || person.Follows.Contains(other.Id));
}
