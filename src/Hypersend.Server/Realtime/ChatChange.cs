using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Realtime;

/// <summary>
/// What a transaction changed in a chat, as the stores hand it out. It becomes events only after the commit.
/// </summary>
internal sealed record ChatChange(long ChatNo, ChatId Chat, long MembersVersion, int MemberCount)
{
    public List<ChangeStep> Steps { get; } = [];

    /// <summary>Who came in: their devices listen from here on and get their own view of the chat.</summary>
    public List<UserId> Joined { get; } = [];

    /// <summary>Who came in sees only messages after this one.</summary>
    public long JoinedFrom { get; init; }

    /// <summary>Who left or was removed: their devices hear nothing more of it.</summary>
    public List<UserId> Left { get; } = [];

    /// <summary>The chat's rev after the change, also when no step of it is for everybody.</summary>
    public required long Rev { get; set; }

    /// <summary>What kind of chat it is, where somebody came in.</summary>
    public string Type { get; init; } = "";
}

/// <summary>One visible change with a rev of its own.</summary>
internal abstract record ChangeStep(long Rev);

/// <summary>A message is new, has changed or is gone.</summary>
internal sealed record MessageStep(long Rev, string Type, MessageRow Message, ReactionChange? Reaction = null) : ChangeStep(Rev);

/// <summary>The chat's name, description, rights or visibility changed.</summary>
internal sealed record ChatStep(long Rev, Chat Neutral) : ChangeStep(Rev);

/// <summary>member.joined, member.updated, member.left.</summary>
internal sealed record MemberStep(long Rev, string Type, Person User, string Role, DateTimeOffset JoinedAt) : ChangeStep(Rev);
