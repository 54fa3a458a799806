using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Features.Imports;

/// <summary>Somebody who is to be made here, under the id they had there.</summary>
internal sealed record ImportedPerson
{
    public required UserId Id { get; init; }

    public required string Username { get; init; }

    public required string Name { get; init; }

    public string Bio { get; init; } = "";

    /// <summary>Known of the person whose export it is, and of nobody else.</summary>
    public string? Email { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>A chat as it is to be.</summary>
internal sealed record ImportedChat
{
    public required ChatId Id { get; init; }

    public required string Type { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required bool Public { get; init; }

    public required long MembersMay { get; init; }

    public required UserId CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of a direct chat the two who are in it.</summary>
    public (UserId One, UserId Other)? Pair { get; init; }
}

/// <summary>A seat in it.</summary>
internal sealed record ImportedMember
{
    public required UserId User { get; init; }

    public required string Role { get; init; }

    public required DateTimeOffset JoinedAt { get; init; }

    /// <summary>What came up to this one is not theirs to see.</summary>
    public required long VisibleFrom { get; init; }

    public DateTimeOffset? MutedUntil { get; init; }

    public bool Pinned { get; init; }

    public bool Archived { get; init; }

    public string? Draft { get; init; }
}

/// <summary>A message with its number; the keys in its row are made where it is written.</summary>
internal sealed record ImportedMessage(long Seq, MessageRow Row)
{
    public long? ReplySeq { get; init; }

    public long? ThreadSeq { get; init; }

    /// <summary>Those that are here, by their place in the message.</summary>
    public IReadOnlyList<(int Place, FileId File)> Files { get; init; } = [];

    /// <summary>With what the person whose export it is reacted.</summary>
    public IReadOnlyList<string> MyReactions { get; init; } = [];

    public bool Bookmarked { get; init; }
}

/// <summary>How far a chat of that id has come here.</summary>
internal sealed record ChatHere
{
    public long No { get; init; }

    public ChatId Id { get; init; }

    public long Seq { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>Enough of a message to tell whether it is the same.</summary>
internal readonly record struct MessageMark(long Seq, UserId Sender, DateTimeOffset CreatedAt);

/// <summary>Everything of an export but its messages and bytes, read once to its end.</summary>
internal sealed record ImportPlan
{
    public required User Me { get; init; }

    /// <summary>As whom the person comes: an account that is here, or the one that will be made.</summary>
    public required UserId MyId { get; init; }

    /// <summary>The account here that each person is; who is not in it will be made.</summary>
    public required IReadOnlyDictionary<UserId, UserId> Here { get; init; }

    public required IReadOnlyList<ImportedPerson> Missing { get; init; }

    public required IReadOnlyList<PlannedChat> Chats { get; init; }

    public required IReadOnlyList<SharedFile> Files { get; init; }

    public UserId Of(UserId there) => Here.GetValueOrDefault(there, there);
}

/// <summary>A chat of the export, and where its messages begin.</summary>
internal sealed record PlannedChat(ChatSummary Summary, IReadOnlyList<ChatMember> Members)
{
    public bool IsEmpty { get; init; }

    /// <summary>The number before its first message.</summary>
    public long Before { get; init; }

    /// <summary>When each message came, where that says what members may see; else empty.</summary>
    public IReadOnlyList<(long Seq, DateTimeOffset At)> Times { get; init; } = [];
}

/// <summary>What came of it.</summary>
internal sealed record Imported(string Username, bool IsNew, int People, int Chats, long Messages, int Files, IReadOnlyList<string> LeftOut);
