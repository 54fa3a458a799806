using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Messages;

/// <summary>Where messages are kept. Every call asks as somebody: what they may not see is not there for them.</summary>
internal interface IMessageStore
{
    /// <summary>How many batches it pays to append beside each other; the chats are spread over them.</summary>
    int Lanes { get; }

    /// <summary>
    /// Appends all of them in one durable commit, in their order; each has an outcome of its own, and a refusal of one
    /// does not touch the others.
    /// </summary>
    Task<AppendedBatch> AppendAsync(IReadOnlyList<NewMessage> batch, DateTimeOffset now, CancellationToken cancellation);

    Task<Result<Changed<MessageSeen>>> EditAsync(UserId actor, MessageId id, string content, DateTimeOffset now, CancellationToken cancellation);

    Task<Result<Changed<Done>>> DeleteAsync(UserId actor, MessageId id, DateTimeOffset now, CancellationToken cancellation);

    Task<Result<Changed<MessageSeen>>> ReactAsync(UserId actor, MessageId id, string emoji, bool on, DateTimeOffset now, CancellationToken cancellation);

    Task<Result<Changed<MessageSeen>>> PinAsync(UserId actor, MessageId id, bool on, DateTimeOffset now, CancellationToken cancellation);

    Task<Result<Done>> BookmarkAsync(UserId actor, MessageId id, bool on, DateTimeOffset now, CancellationToken cancellation);

    Task<Result<MessageSeen>> FindAsync(UserId viewer, MessageId id, CancellationToken cancellation);

    Task<Result<StoredPage>> PageAsync(UserId viewer, ChatId chat, PageWish wish, CancellationToken cancellation);

    Task<Result<IReadOnlyList<MessageVersion>>> HistoryAsync(UserId viewer, MessageId id, DateTimeOffset now, CancellationToken cancellation);

    Task<Result<IReadOnlyList<Receipt>>> ReceiptsAsync(UserId viewer, MessageId id, UserId after, int limit, CancellationToken cancellation);

    Task<Result<IReadOnlyList<MessageSeen>>> PinsAsync(UserId viewer, ChatId chat, long beforeSeq, int limit, CancellationToken cancellation);

    Task<IReadOnlyList<BookmarkedMessage>> BookmarksAsync(UserId viewer, DateTimeOffset before, long beforeKey, int limit, CancellationToken cancellation);

    /// <summary>Turns up to <paramref name="limit"/> messages whose time is over into tombstones.</summary>
    Task<IReadOnlyList<ChatChange>> ExpireAsync(DateTimeOffset now, int limit, CancellationToken cancellation);

    /// <summary>When the next message destroys itself; null when none is going to.</summary>
    Task<DateTimeOffset?> NextExpiryAsync(CancellationToken cancellation);
}

/// <summary>An answer and what it changed; no change when everything was so already.</summary>
internal readonly record struct Changed<T>(T Answer, ChatChange? Change);

/// <summary>A message as one person sees it.</summary>
internal sealed record MessageSeen(MessageRow Row, ChatId Chat, IReadOnlySet<string>? MyReactions, bool Bookmarked);

internal sealed record BookmarkedMessage(MessageSeen Message, DateTimeOffset At);

internal sealed record StoredPage(IReadOnlyList<MessageSeen> Items, bool HasMoreBefore, bool HasMoreAfter, long Rev);

/// <summary>Which stretch of a chat (or of one thread of it) is asked for; all by seq, the newest page when nothing is said.</summary>
internal sealed record PageWish(long? Before, long? After, long? Around, int Limit, MessageId? Thread);
