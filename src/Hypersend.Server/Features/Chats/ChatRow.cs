using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Features.Chats;

/// <summary>A chat as it is stored, and where one person stands in it.</summary>
internal record ChatRow
{
    public long No { get; init; }

    public ChatId Id { get; init; }

    public string Type { get; init; } = "";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public bool Public { get; init; }

    public MemberRights MembersMay { get; init; }

    public UserId CreatedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public long Seq { get; init; }

    public long Rev { get; init; }

    public int MemberCount { get; init; }

    /// <summary>Null of a chat that anybody may see and this person is not in.</summary>
    public string? Role { get; init; }

    public long ReadSeq { get; init; }

    /// <summary>The other one of a direct chat.</summary>
    public UserId? PeerId { get; init; }

    public Standing Standing => new(Type, Role, MembersMay);
}

/// <summary>A chat in somebody's list, with what waits for them there.</summary>
internal sealed record SummaryRow : ChatRow
{
    public long Unread { get; init; }

    public long Mentions { get; init; }

    public bool Pinned { get; init; }

    public DateTimeOffset? MutedUntil { get; init; }

    public bool Archived { get; init; }

    public string? Draft { get; init; }

    /// <summary>When something was last written, or when the person came in.</summary>
    public DateTimeOffset ActivityAt { get; init; }

    /// <summary>The last message is among the person's bookmarks.</summary>
    public bool LastKept { get; init; }
}

/// <summary>A chat and, of a direct one, the other person.</summary>
internal sealed record ChatSeen(ChatRow Row, Profile? Peer);

internal sealed record SummarySeen(SummaryRow Row, MessageRow? Last, IReadOnlySet<string>? MyReactions, Profile? Peer);

/// <summary>A person in a chat.</summary>
internal sealed record MemberSeen(MemberRow Row, Profile User);

internal sealed record MemberRow
{
    public string Role { get; init; } = ChatRoles.Member;

    public DateTimeOffset JoinedAt { get; init; }
}
