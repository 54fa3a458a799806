using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Chats;

/// <summary>What a chat's plain members may do beyond reading, as it stands in the column <c>members_may</c>.</summary>
[Flags]
internal enum MemberRights
{
    None = 0,
    Send = 1,
    Invite = 2,
    Pin = 4,
    EditInfo = 8,

    /// <summary>Who joins later sees what was written before.</summary>
    History = 16,
}

/// <summary>Where somebody stands in a chat at one moment; without a role they are not in it.</summary>
internal readonly record struct Standing(string Type, string? Role, MemberRights MembersMay)
{
    public bool IsMember => Role is not null;

    /// <summary>Owners and admins.</summary>
    public bool IsStaff => Role is ChatRoles.Owner or ChatRoles.Admin;

    public bool IsOwner => Role == ChatRoles.Owner;
}

/// <summary>Who may do what in a chat. Each answers with the refusal, or null; who is not in a chat finds it is not there.</summary>
internal static class ChatRules
{
    public static bool IsShared(string type) => type is ChatTypes.Group or ChatTypes.Channel or ChatTypes.Room;

    /// <summary>Rooms and channels write nothing down when plain members come and go.</summary>
    public static bool IsQuiet(string type) => type is ChatTypes.Channel or ChatTypes.Room;

    /// <summary>Whether members hear how far the others are; in larger chats the receipts of a message say it.</summary>
    public static bool TellsMarks(string type, int memberCount) => type != ChatTypes.Channel && memberCount <= ChatLimits.SmallChat;

    /// <summary>Whether the others hear that somebody is typing: not in a channel, whose readers nobody sees, nor in a crowd.</summary>
    public static bool TellsTyping(string type, int memberCount) =>
        type is ChatTypes.Direct or ChatTypes.Group or ChatTypes.Room && memberCount <= ChatLimits.TypingChat;

    /// <summary>Whether the live socket brings the list of members by itself.</summary>
    public static bool ListsMembers(Standing standing, int memberCount) =>
        memberCount <= ChatLimits.SmallChat && RefuseMemberList(standing) is null;

    /// <summary>Whether it is written down for everybody that somebody with this role goes.</summary>
    public static bool IsNews(string type, string role) => !IsQuiet(type) || role is ChatRoles.Owner or ChatRoles.Admin;

    /// <summary>Rooms always are; of the others only a channel can be.</summary>
    public static bool IsPublic(string type, bool wanted) => type == ChatTypes.Room || (type == ChatTypes.Channel && wanted);

    /// <summary>What somebody is who is nothing more.</summary>
    public static string PlainRole(string type) => type == ChatTypes.Channel ? ChatRoles.Subscriber : ChatRoles.Member;

    /// <summary>What the permissions of a chat allow its members; a subscriber reads, reacts and leaves, whatever they say.</summary>
    public static bool May(Standing standing, MemberRights right) =>
        standing.IsStaff || (standing.Role == ChatRoles.Member && (standing.MembersMay & right) != 0);

    /// <summary>Whether anybody finds the chat and what its members may do is the owner's part of it.</summary>
    public static Failure? RefuseEdit(Standing standing, bool ownersPart)
    {
        if (!standing.IsMember)
            return new Failure(ErrorCodes.NotFound);
        if (!IsShared(standing.Type))
            return new Failure(ErrorCodes.Forbidden);
        if (ownersPart && !standing.IsOwner)
            return new Failure(ErrorCodes.Forbidden);
        return May(standing, MemberRights.EditInfo) ? null : new Failure(ErrorCodes.Forbidden);
    }

    public static Failure? RefuseDelete(Standing standing)
    {
        if (!standing.IsMember)
            return new Failure(ErrorCodes.NotFound);
        if (standing.Type == ChatTypes.Saved)
            return new Failure(ErrorCodes.FixedMembers);
        return standing.IsOwner ? null : new Failure(ErrorCodes.Forbidden);
    }

    public static Failure? RefuseLeave(Standing standing, bool othersStay, bool otherOwners)
    {
        if (!standing.IsMember)
            return new Failure(ErrorCodes.NotFound);
        if (standing.Type == ChatTypes.Saved)
            return new Failure(ErrorCodes.FixedMembers);
        return standing.IsOwner && othersStay && !otherOwners ? new Failure(ErrorCodes.LastOwner) : null;
    }

    /// <summary>To bring people in, and to make the links that do.</summary>
    public static Failure? RefuseInvite(Standing standing) =>
        standing.IsMember && !IsShared(standing.Type) ? new Failure(ErrorCodes.FixedMembers) : RefuseRight(standing, MemberRights.Invite);

    /// <summary>To remove somebody else, or to ban them: an owner anybody, an admin those who are nothing more than members.</summary>
    public static Failure? RefuseRemoval(Standing standing, string? targetRole)
    {
        if (RefuseStaffWork(standing) is { } refusal)
            return refusal;
        return standing.IsOwner || targetRole is null or ChatRoles.Member or ChatRoles.Subscriber ? null : new Failure(ErrorCodes.Forbidden);
    }

    /// <summary>What only owners and admins do: bans, the list of invitations, the member list of a channel.</summary>
    public static Failure? RefuseStaffWork(Standing standing)
    {
        if (!standing.IsMember)
            return new Failure(ErrorCodes.NotFound);
        if (!IsShared(standing.Type))
            return new Failure(ErrorCodes.FixedMembers);
        return standing.IsStaff ? null : new Failure(ErrorCodes.Forbidden);
    }

    /// <summary>An owner gives any role to anybody; others can only give up their own.</summary>
    public static Failure? RefuseRole(Standing standing, bool isSelf, string? targetRole, string role, bool otherOwners)
    {
        if (!standing.IsMember)
            return new Failure(ErrorCodes.NotFound);
        if (!IsShared(standing.Type))
            return new Failure(ErrorCodes.FixedMembers);
        if (!standing.IsOwner && !(isSelf && Rank(role) <= Rank(standing.Role)))
            return new Failure(ErrorCodes.Forbidden);
        if (targetRole is null)
            return new Failure(ErrorCodes.NotFound);
        return targetRole == ChatRoles.Owner && role != ChatRoles.Owner && isSelf && !otherOwners ? new Failure(ErrorCodes.LastOwner) : null;
    }

    public static Failure? RefuseMemberList(Standing standing)
    {
        if (!standing.IsMember)
            return new Failure(ErrorCodes.NotFound);
        return standing.Type == ChatTypes.Channel && !standing.IsStaff ? new Failure(ErrorCodes.Forbidden) : null;
    }

    public static MemberRights DefaultRights(string type) =>
        type == ChatTypes.Channel ? MemberRights.History : MemberRights.Send | MemberRights.History;

    /// <summary>Absent parts stay; that subscribers send is nothing a channel can allow.</summary>
    public static MemberRights Change(string type, MemberRights before, ChatPermissions? change)
    {
        var after = before;
        Set(MemberRights.Send, type == ChatTypes.Channel ? null : change?.Send);
        Set(MemberRights.Invite, change?.Invite);
        Set(MemberRights.Pin, change?.Pin);
        Set(MemberRights.EditInfo, change?.EditInfo);
        Set(MemberRights.History, change?.History);
        return after;

        void Set(MemberRights right, bool? on) => after = on switch
        {
            true => after | right,
            false => after & ~right,
            null => after,
        };
    }

    public static ChatPermissions Show(MemberRights rights) => new()
    {
        Send = rights.HasFlag(MemberRights.Send),
        Invite = rights.HasFlag(MemberRights.Invite),
        Pin = rights.HasFlag(MemberRights.Pin),
        EditInfo = rights.HasFlag(MemberRights.EditInfo),
        History = rights.HasFlag(MemberRights.History),
    };

    private static Failure? RefuseRight(Standing standing, MemberRights right)
    {
        if (!standing.IsMember)
            return new Failure(ErrorCodes.NotFound);
        return May(standing, right) ? null : new Failure(ErrorCodes.Forbidden);
    }

    private static int Rank(string? role) => role switch
    {
        ChatRoles.Owner => 3,
        ChatRoles.Admin => 2,
        null => 0,
        _ => 1,
    };
}
