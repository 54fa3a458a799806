using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Features.Chats;

/// <summary>A stored chat as the wire shows it.</summary>
internal static class ChatView
{
    /// <summary>The same for everybody, as events need it.</summary>
    public static Chat Neutral(ChatRow row) => new()
    {
        Id = row.Id,
        Type = row.Type,
        Name = row.Name,
        Description = row.Description,
        AvatarUrl = null,
        Public = row.Public,
        CreatedBy = row.CreatedBy,
        CreatedAt = row.CreatedAt,
        MemberCount = row.MemberCount,
        Permissions = ChatRules.Show(row.MembersMay),
        LastSeq = row.Seq,
        Rev = row.Rev,
    };

    /// <summary>From the seat of one person: their role and mark, and a direct chat by the name and the picture of the other.</summary>
    public static Chat For(ChatRow row, User? peer) => Neutral(row) with
    {
        Name = peer?.Name ?? row.Name,
        AvatarUrl = peer?.AvatarUrl,
        MyRole = row.Role,
        ReadSeq = row.Role is null ? null : row.ReadSeq,
        Peer = peer,
    };

    public static Chat Show(this ChatSeen seen, UserId viewer, PresenceTable presence) => For(seen.Row, PeerOf(seen.Peer, viewer, presence));

    public static ChatSummary Show(this SummarySeen seen, UserId viewer, DateTimeOffset now, PresenceTable presence)
    {
        var row = seen.Row;
        var chat = For(row, PeerOf(seen.Peer, viewer, presence));
        return new ChatSummary
        {
            Id = chat.Id,
            Type = chat.Type,
            Name = chat.Name,
            Description = chat.Description,
            AvatarUrl = chat.AvatarUrl,
            Public = chat.Public,
            CreatedBy = chat.CreatedBy,
            CreatedAt = chat.CreatedAt,
            MemberCount = chat.MemberCount,
            Permissions = chat.Permissions,
            LastSeq = chat.LastSeq,
            Rev = chat.Rev,
            MyRole = chat.MyRole,
            ReadSeq = chat.ReadSeq,
            Peer = chat.Peer,
            LastMessage = seen.Last is { } last ? MessageView.For(last, row.Id, now, seen.MyReactions, row.LastKept) : null,
            Unread = row.Unread,
            Mentions = row.Mentions,
            Pinned = row.Pinned,
            Muted = row.MutedUntil > now,
            MutedUntil = row.MutedUntil,
            Archived = row.Archived,
            Draft = row.Draft,
        };
    }

    public static ChatMember Show(this MemberSeen seen, UserId viewer, PresenceTable presence) => new()
    {
        User = UserRules.Present(seen.User, Viewer.Self(viewer), presence),
        Role = seen.Row.Role,
        JoinedAt = seen.Row.JoinedAt,
    };

    private static User? PeerOf(Profile? peer, UserId viewer, PresenceTable presence) => peer is null ? null : UserRules.Present(peer, Viewer.Self(viewer), presence);
}
