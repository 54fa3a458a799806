using Hypersend.Contracts.Users;

namespace Hypersend.Server.Features.Presence;

/// <summary>How somebody is here.</summary>
internal enum PresenceStatus : byte
{
    Offline,
    Online,

    /// <summary>Said by a device that nobody uses at the moment; true of a person when all of theirs say so.</summary>
    Away,
    Busy,
    DoNotDisturb,

    /// <summary>Here, and offline to everybody else.</summary>
    Invisible,
}

internal static class PresenceStatuses
{
    /// <summary>What a client may say; <c>offline</c> is another word for invisible, for who is connected is here.</summary>
    public static PresenceStatus? Read(string? word) => word switch
    {
        Presences.Online => PresenceStatus.Online,
        Presences.Away => PresenceStatus.Away,
        Presences.Busy => PresenceStatus.Busy,
        Presences.DoNotDisturb => PresenceStatus.DoNotDisturb,
        Presences.Invisible or Presences.Offline => PresenceStatus.Invisible,
        _ => null,
    };

    public static string Word(this PresenceStatus status) => status switch
    {
        PresenceStatus.Online => Presences.Online,
        PresenceStatus.Away => Presences.Away,
        PresenceStatus.Busy => Presences.Busy,
        PresenceStatus.DoNotDisturb => Presences.DoNotDisturb,
        PresenceStatus.Invisible => Presences.Invisible,
        _ => Presences.Offline,
    };
}
