using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Presence;

/// <summary>What a device, or a whole node, says of somebody; <paramref name="SetAt"/> is when they chose it, in milliseconds, 0 for never.</summary>
internal readonly record struct PresenceState(PresenceStatus Status, long SetAt);

/// <summary>
/// How somebody is now. <paramref name="Since"/> is known of who has just left, and of who is invisible: nobody sees them
/// later than that.
/// </summary>
internal readonly record struct PresenceNow(PresenceStatus Status, DateTimeOffset? Since)
{
    public static readonly PresenceNow Offline = new(PresenceStatus.Offline, null);

    /// <summary>As everybody else is told.</summary>
    public PresenceStatus Shown => Status == PresenceStatus.Invisible ? PresenceStatus.Offline : Status;
}

/// <summary>One node holds a connection of somebody, or holds none any more. It has to say so again before a minute is over.</summary>
internal readonly record struct PresenceLease(UserId User, PresenceState State, bool IsHeld);

/// <summary>A connection of somebody: as long as it is held they are here.</summary>
internal sealed class PresenceHold(UserId user, SessionId session)
{
    public UserId User => user;

    public SessionId Session => session;

    /// <summary>Guarded by the table.</summary>
    public PresenceState State { get; set; } = new(PresenceStatus.Online, 0);
}

/// <summary>What decides who may see how somebody is: their setting, whom they know, where they are members.</summary>
internal sealed record Acquaintance
{
    public static readonly IReadOnlySet<UserId> Nobody = new HashSet<UserId>();

    public required UserId Id { get; init; }

    public required string Audience { get; init; }

    public required DateTimeOffset? LastSeen { get; init; }

    public IReadOnlySet<UserId> Blocks { get; init; } = Nobody;

    public IReadOnlySet<UserId> Follows { get; init; } = Nobody;

    /// <summary>By number, ascending.</summary>
    public IReadOnlyList<long> Chats { get; init; } = [];
}

/// <summary>Which chats two people have in common.</summary>
internal enum Common
{
    None,
    Group,
    Direct,
}
