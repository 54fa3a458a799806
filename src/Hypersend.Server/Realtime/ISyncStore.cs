using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Realtime;

namespace Hypersend.Server.Realtime;

/// <summary>What the live side reads: who listens to what, and what changed since a cursor.</summary>
internal interface ISyncStore
{
    /// <summary>The most changes of a chat that are sent as changes; beyond it the chat starts afresh.</summary>
    const int MostChanges = 500;

    /// <summary>The numbers of all chats the person is in, hidden ones too.</summary>
    Task<IReadOnlyList<ListenedChat>> ChatsOfAsync(UserId user, CancellationToken cancellation);

    /// <summary>
    /// Everything <c>hello</c> answers with, read in one snapshot. <paramref name="only"/> are the chats to cover; null
    /// for all of mine. A chat without a cursor comes with its last message only.
    /// </summary>
    Task<SyncAnswer> SyncAsync(UserId user, IReadOnlyDictionary<ChatId, long> cursors, IReadOnlyCollection<ChatId>? only, CancellationToken cancellation);

    /// <summary>The chat's changes after a rev, as events that can be delivered; null when there are too many.</summary>
    Task<IReadOnlyList<ChatEvent>?> ChangesAsync(long chatNo, long afterRev, CancellationToken cancellation);

    /// <summary>The current head of each of these chats.</summary>
    Task<IReadOnlyList<ChatHead>> HeadsAsync(IReadOnlyCollection<long> chats, CancellationToken cancellation);

    /// <summary>The heads that moved since a time of this node's clock, less a margin for clocks that differ.</summary>
    Task<IReadOnlyList<ChatHead>> MovedSinceAsync(DateTimeOffset since, CancellationToken cancellation);

    /// <summary>Who came into a chat since a time, and is there still; like the heads by this node's clock.</summary>
    Task<IReadOnlyList<Newcomer>> JoinedSinceAsync(DateTimeOffset since, CancellationToken cancellation);

    /// <summary>Which of these people are in the chat, with the version of its list.</summary>
    Task<(long Version, IReadOnlyList<UserId> Members)> MembersAmongAsync(long chatNo, IReadOnlyCollection<UserId> users, CancellationToken cancellation);
}

/// <summary>A chat to listen to, and where it stood when that was read.</summary>
internal sealed record ListenedChat
{
    public long No { get; init; }

    public ChatId Id { get; init; }

    public string Type { get; init; } = "";

    public long Rev { get; init; }

    public long MembersVersion { get; init; }

    public int MemberCount { get; init; }

    /// <summary>The person sees only messages after this one.</summary>
    public long VisibleFrom { get; init; }
}

internal sealed record Newcomer
{
    public long ChatNo { get; init; }

    public UserId UserId { get; init; }

    /// <summary>The person sees only messages after this one.</summary>
    public long VisibleFrom { get; init; }
}

internal sealed record ChatHead
{
    public long ChatNo { get; init; }

    public long Rev { get; init; }

    public long MembersVersion { get; init; }
}

/// <summary>The answer to <c>hello</c>: one sync for each chat that moved, and my own state of all it covers.</summary>
internal sealed record SyncAnswer(IReadOnlyList<(long ChatNo, ChatSync Sync)> Moved, IReadOnlyList<ChatState> States, IReadOnlyList<ListenedChat> Listened, IReadOnlyList<ChatId> Removed);
