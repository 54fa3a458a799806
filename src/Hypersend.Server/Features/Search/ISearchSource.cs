using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Features.Search;

/// <summary>The messages themselves: what changed, for the index, and what somebody may see, for an answer.</summary>
internal interface ISearchSource
{
    /// <summary>The heads of all chats, or of those that changed since a time.</summary>
    Task<IReadOnlyList<SourceHead>> HeadsAsync(DateTimeOffset? since, CancellationToken cancellation);

    /// <summary>
    /// What changed in these chats since they were read, all of it at one moment; of a few chats when the limit is reached,
    /// and of one that is longer than the limit only the next part.
    /// </summary>
    Task<SourceChanges> ChangesAsync(IReadOnlyList<ReadOn> chats, int limit, CancellationToken cancellation);

    /// <summary>The chats that somebody is in.</summary>
    Task<IReadOnlyList<SearchedChat>> ChatsOfAsync(UserId viewer, CancellationToken cancellation);

    /// <summary>Those of the messages that the viewer may see.</summary>
    Task<IReadOnlyList<MessageSeen>> MessagesAsync(UserId viewer, IReadOnlyCollection<long> keys, CancellationToken cancellation);
}

/// <summary>Where a chat stands.</summary>
internal sealed record SourceHead
{
    public long ChatNo { get; init; }

    public long Rev { get; init; }

    public bool IsGone { get; init; }
}

/// <summary>What the index needs of a message.</summary>
internal sealed record SourceMessage
{
    public long Key { get; init; }

    public long RevKey { get; init; }

    public UserId SenderId { get; init; }

    public string Type { get; init; } = "";

    public string? Content { get; init; }

    public string? Mentions { get; init; }

    public string? Files { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? PinnedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>Messages as they are now, how far their chats are read with them, and the chats that are not there any more.</summary>
internal sealed record SourceChanges(IReadOnlyList<SourceMessage> Messages, IReadOnlyList<ReadOn> Read, IReadOnlyList<long> Gone);

/// <summary>A chat of somebody's, under the name that they see.</summary>
internal sealed record SearchedChat
{
    public long No { get; init; }

    public ChatId Id { get; init; }

    public string Type { get; init; } = ChatTypes.Group;

    public string Name { get; init; } = "";

    public string? PeerUsername { get; init; }

    public string? PeerName { get; init; }

    public long VisibleFrom { get; init; }
}
