using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Chats;

namespace Hypersend.Server.Engines.Sql.Shared;

/// <summary>A chat from the seat of one of its members: what all see, and what is theirs.</summary>
internal sealed record SeatRow : ChatRow
{
    /// <summary>Needs @nobody, the empty id. A condition on m follows.</summary>
    public const string Select =
        $"""
        SELECT c.no, c.id, c.type, c.name, c.description, c.public, c.members_may, c.created_by, c.created_at,
            h.seq, h.rev, h.member_count, h.members_version,
            m.user_id, m.role, m.visible_from, m.read_seq, m.delivered_seq, m.hidden_seq, m.muted_until, m.pinned, m.archived, m.draft,
            {SqlMarkStore.Unread} AS unread, {SqlMarkStore.Mentions} AS mentions
        FROM chat_members m JOIN chats c ON c.no = m.chat_no AND c.deleted_at IS NULL JOIN chat_heads h ON h.chat_no = m.chat_no
        """;

    public long MembersVersion { get; init; }

    public UserId UserId { get; init; }

    public long VisibleFrom { get; init; }

    public long DeliveredSeq { get; init; }

    public long? HiddenSeq { get; init; }

    public DateTimeOffset? MutedUntil { get; init; }

    public bool Pinned { get; init; }

    public bool Archived { get; init; }

    public string? Draft { get; init; }

    public long Unread { get; init; }

    public long Mentions { get; init; }

    /// <summary>A direct chat that was left stays out of sight until somebody writes.</summary>
    public bool IsHidden => HiddenSeq is { } seq && Seq <= seq;

    public Chat ToChat(User? peer) => ChatView.For(this, peer);
}
