using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;

namespace Hypersend.Server.Features.Push;

/// <summary>Where the devices are kept that are told while they are closed, and what each of them shows.</summary>
internal interface IPushStore
{
    /// <summary>
    /// Keeps a device. The same session, or the same endpoint, had another one before: that one goes. Of a person's too many
    /// the one that was reached longest ago goes.
    /// </summary>
    Task<SubscriptionRow> AddAsync(NewSubscription subscription, int mostOfOne, DateTimeOffset now, CancellationToken cancellation);

    Task<IReadOnlyList<SubscriptionRow>> ListAsync(UserId user, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>False when the person has no such device.</summary>
    Task<bool> DeleteAsync(UserId user, SubscriptionId id, CancellationToken cancellation);

    /// <summary>Whether anybody has a device here at all.</summary>
    Task<bool> AnyAsync(CancellationToken cancellation);

    /// <summary>Whether the device is still there, and its session alive.</summary>
    Task<bool> IsThereAsync(SubscriptionId id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The same, and its person is in the chat and not that far yet, and the message is there, as it was at this revision.</summary>
    Task<bool> IsWantedAsync(SubscriptionId id, long chatNo, long seq, long rev, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Whether the device is still there, and shows nothing of the chat that is newer than what is to be cleared.</summary>
    Task<bool> MayClearAsync(SubscriptionId id, long chatNo, long seq, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The messages of a chat in (from, to], the newest of them only; null when the chat is gone.</summary>
    Task<ChatNews?> NewsAsync(long chatNo, long from, long to, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Devices of members who have not read so far, in steps: in the order of their people.</summary>
    Task<IReadOnlyList<Recipient>> RecipientsAsync(RecipientWish wish, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>How many messages wait for each of these people, in chats that are neither muted nor archived.</summary>
    Task<IReadOnlyDictionary<UserId, long>> BadgesAsync(IReadOnlyCollection<UserId> users, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>What devices show of this chat and need not any more: up to the message that the person has read. It is forgotten here.</summary>
    Task<IReadOnlyList<ShownDevice>> TakeReadAsync(UserId user, ChatId chat, long seq, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The devices that show this message, which is gone. It is forgotten here.</summary>
    Task<IReadOnlyList<ShownDevice>> TakeGoneAsync(long chatNo, long seq, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>What this device shows of the chat, up to that message. It is forgotten here.</summary>
    Task<IReadOnlyList<ShownDevice>> TakeBackAsync(SubscriptionId id, long chatNo, long seq, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The push service took it. True when it was read or deleted by then, so that it has to be taken away again.</summary>
    Task<bool> ReachedAsync(SubscriptionId id, long? chatNo, long seq, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The push service did not take it; <paramref name="mostRefusals"/> refusals in a row end the device.</summary>
    Task FailedAsync(SubscriptionId id, string failure, bool isRefusal, int mostRefusals, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The browser is gone, says its push service.</summary>
    Task EndAsync(SubscriptionId id, CancellationToken cancellation);

    /// <summary>Deletes devices whose session has ended, and what they showed.</summary>
    Task SweepAsync(DateTimeOffset now, CancellationToken cancellation);
}

internal sealed record NewSubscription(SubscriptionId Id, UserId User, SessionId Session, string Endpoint, SubscriptionKeys Keys);

/// <summary>A device as it is stored.</summary>
internal sealed record SubscriptionRow
{
    public SubscriptionId Id { get; init; }

    public UserId UserId { get; init; }

    public SessionId SessionId { get; init; }

    public string Endpoint { get; init; } = "";

    public byte[] P256dh { get; init; } = [];

    public byte[] Auth { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ReachedAt { get; init; }

    public DateTimeOffset? FailedAt { get; init; }

    public string? Failure { get; init; }
}

/// <summary>What is new in a chat: the newest messages first.</summary>
internal sealed record ChatNews
{
    public required long ChatNo { get; init; }

    public required ChatId Chat { get; init; }

    public required string Type { get; init; }

    public required string Name { get; init; }

    public required int MemberCount { get; init; }

    public required long From { get; init; }

    public required long To { get; init; }

    public required IReadOnlyList<Message> Messages { get; init; }

    /// <summary>Whom a message answers, by the message's number.</summary>
    public required IReadOnlyDictionary<long, UserId> Answered { get; init; }

    /// <summary>Who does not want to hear from whom of the senders.</summary>
    public required IReadOnlySet<(UserId Blocker, UserId Sender)> Blocks { get; init; }
}

/// <summary>Whose devices are asked for: <paramref name="Only"/> these people's, or everybody's.</summary>
internal sealed record RecipientWish(long ChatNo, long To, IReadOnlyCollection<UserId>? Only, Recipient? After, int Limit);

/// <summary>A device, and how its person stands to the chat.</summary>
internal sealed record Recipient
{
    public SubscriptionId Id { get; init; }

    public UserId UserId { get; init; }

    public SessionId SessionId { get; init; }

    public string Endpoint { get; init; } = "";

    public byte[] P256dh { get; init; } = [];

    public byte[] Auth { get; init; } = [];

    public long ReadSeq { get; init; }

    public long VisibleFrom { get; init; }

    public DateTimeOffset? MutedUntil { get; init; }

    /// <summary>The person's settings, as they are stored.</summary>
    public string Settings { get; init; } = "{}";

    /// <summary>Up to here the device was told already.</summary>
    public long ShownSeq { get; init; }

    public long Unread { get; init; }
}

/// <summary>A device that shows something which is over.</summary>
internal sealed record ShownDevice
{
    public SubscriptionId Id { get; init; }

    public UserId UserId { get; init; }

    public SessionId SessionId { get; init; }

    public string Endpoint { get; init; } = "";

    public byte[] P256dh { get; init; } = [];

    public byte[] Auth { get; init; } = [];

    public ChatId ChatId { get; init; }

    public long ChatNo { get; init; }

    public long Seq { get; init; }
}
