using Hypersend.Contracts.Chats;
using Hypersend.Server.Features.Chats;

namespace Hypersend.Server.Features.Messages;

/// <summary>Who may do what to messages: pure decisions over a role and the chat's permissions; doubt denies.</summary>
internal static class MessageRights
{
    public static bool MaySend(string chatType, string role, long membersMay) => role switch
    {
        ChatRoles.Owner or ChatRoles.Admin => true,
        ChatRoles.Member => chatType switch
        {
            ChatTypes.Direct => true,
            ChatTypes.Group or ChatTypes.Room => ((MemberRights)membersMay).HasFlag(MemberRights.Send),
            _ => false,
        },
        _ => false,
    };

    public static bool MayPin(string chatType, string role, long membersMay) => role switch
    {
        ChatRoles.Owner or ChatRoles.Admin => true,
        ChatRoles.Member => chatType == ChatTypes.Direct || ((MemberRights)membersMay).HasFlag(MemberRights.Pin),
        _ => false,
    };

    public static bool MayCallAll(string role) => role is ChatRoles.Owner or ChatRoles.Admin;

    /// <summary>The author and the staff of the chat.</summary>
    public static bool MayDelete(bool isAuthor, string role) => isAuthor || role is ChatRoles.Owner or ChatRoles.Admin;
}
