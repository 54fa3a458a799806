using System.Collections.Immutable;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Users;

namespace Hypersend.Sdk.Realtime;

/// <summary>Everything a live client knows at one moment. It never changes; the next moment has one of its own.</summary>
public sealed record LiveState
{
    /// <summary>Before anything was heard.</summary>
    public static readonly LiveState Empty = new();

    /// <summary>How the connection is.</summary>
    public LiveStatus Status { get; init; } = LiveStatus.Offline;

    /// <summary>Why it will not come back, when it has ended.</summary>
    public LiveEnding? Ending { get; init; }

    /// <summary>Who I am; null before the first connection.</summary>
    public User? Me { get; init; }

    /// <summary>Which life of the database the cursors belong to.</summary>
    public string? Epoch { get; init; }

    /// <summary>The chats I am in.</summary>
    public ImmutableDictionary<ChatId, LiveChat> Chats { get; init; } = ImmutableDictionary<ChatId, LiveChat>.Empty;

    /// <summary>Chats I was in and am not any more.</summary>
    public ImmutableHashSet<ChatId> Removed { get; init; } = [];

    /// <summary>What I sent and the server has not stored yet, in order; those that failed wait for a decision.</summary>
    public ImmutableList<OutgoingMessage> Outbox { get; init; } = [];
}

/// <summary>How a live connection is.</summary>
public enum LiveStatus
{
    /// <summary>Not connected; another try comes by itself.</summary>
    Offline,

    /// <summary>On the way to the server.</summary>
    Connecting,

    /// <summary>Connected, and catching up.</summary>
    Syncing,

    /// <summary>Everything is here, and what happens arrives.</summary>
    Live,

    /// <summary>Over for good; <see cref="LiveState.Ending"/> says why.</summary>
    Ended,
}

/// <summary>Why a live client gave up.</summary>
public enum LiveEnding
{
    /// <summary>It was disposed.</summary>
    Disposed,

    /// <summary>The session is over: somebody has to sign in again.</summary>
    NotAuthenticated,

    /// <summary>The server does not let this client in.</summary>
    Forbidden,

    /// <summary>A fault of the client itself; disposing of it throws the reason.</summary>
    Broken,
}

/// <summary>A chat as far as I have it.</summary>
public sealed record LiveChat
{
    /// <summary>The chat as I see it, kept up to date.</summary>
    public required Chat Chat { get; init; }

    /// <summary>Up to which change I have everything: the cursor.</summary>
    public required long Rev { get; init; }

    /// <summary>The messages I have, by seq; what is older, or was skipped, can be loaded.</summary>
    public ImmutableSortedDictionary<long, Message> Messages { get; init; } = ImmutableSortedDictionary<long, Message>.Empty;

    /// <summary>Who is in a small chat; null where only the server knows.</summary>
    public ImmutableDictionary<UserId, SyncMember>? Members { get; init; }

    /// <summary>How far the others are, in small chats.</summary>
    public ImmutableDictionary<UserId, PeerMarks> Peers { get; init; } = ImmutableDictionary<UserId, PeerMarks>.Empty;

    /// <summary>My own marks and settings.</summary>
    public MyChatState Mine { get; init; } = new();

    /// <summary>The newest messages that follow on each other without a gap, the newest last.</summary>
    public IReadOnlyList<Message> Newest
    {
        get
        {
            var run = new List<Message>();
            for (var seq = Chat.LastSeq; Messages.TryGetValue(seq, out var message); seq--)
                run.Add(message);
            run.Reverse();
            return run;
        }
    }
}

/// <summary>What is mine alone in a chat.</summary>
public sealed record MyChatState
{
    /// <summary>Up to which message I have read.</summary>
    public long ReadSeq { get; init; }

    /// <summary>How many messages wait for me.</summary>
    public long Unread { get; init; }

    /// <summary>How many of them name me.</summary>
    public long Mentions { get; init; }

    /// <summary>Until when I hear nothing of it; null when I do.</summary>
    public DateTimeOffset? MutedUntil { get; init; }

    /// <summary>Whether it stands above the others in my list.</summary>
    public bool Pinned { get; init; }

    /// <summary>Whether I have put it away.</summary>
    public bool Archived { get; init; }

    /// <summary>What I began to write.</summary>
    public string? Draft { get; init; }
}
