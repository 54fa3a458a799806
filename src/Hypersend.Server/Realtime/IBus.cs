using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Presence;

namespace Hypersend.Server.Realtime;

/// <summary>
/// Carries what was committed to every node, this one included. It is a hint: a message may be lost, come twice or out
/// of order, and the receiver repairs that from the database.
/// </summary>
internal interface IBus
{
    /// <summary>Never waits and never throws; what cannot be carried is lost.</summary>
    void Publish(BusMessage message);

    /// <summary>False while what other nodes publish may not come here.</summary>
    bool IsWhole => true;

    /// <summary>Calls the receiver with every message from now on, one at a time.</summary>
    void Subscribe(Action<BusMessage> receive);
}

internal abstract record BusMessage
{
    /// <summary>Another node published it, and does there whatever is to be done once.</summary>
    public bool IsFromElsewhere { get; init; }
}

/// <summary>
/// One commit in one chat: events with consecutive revs, ready bytes each, and who came or went with it.
/// </summary>
internal sealed record ChatCommit(long ChatNo, ChatId Chat, long MembersVersion, IReadOnlyList<ChatEvent> Events, IReadOnlyList<MemberMove> Moves) : BusMessage
{
    /// <summary>The chat's rev after the commit: says where one without events stands.</summary>
    public long HeadRev { get; init; } = Events.Count > 0 ? Events[^1].Rev : 0;

    /// <summary>How many are in the chat after the commit; null when it changed nothing about that.</summary>
    public int? MemberCount { get; init; }

    /// <summary>What kind of chat it is, where somebody came in.</summary>
    public string Type { get; init; } = "";
}

/// <summary>
/// A visible change as all listeners get it: one JSON object in UTF-8. <paramref name="Seq"/> is the message it shows, 0 for
/// none: who does not see that far back gets the rev without it.
/// </summary>
internal readonly record struct ChatEvent(long Rev, ReadOnlyMemory<byte> Json, long Seq = 0);

/// <summary>
/// Somebody came into the chat or left it, and what their own devices are told: chat.created after the events of the
/// commit, chat.removed instead of them.
/// </summary>
internal readonly record struct MemberMove(UserId User, bool In, ReadOnlyMemory<byte> Json, long VisibleFrom = 0);

/// <summary>Something passing for those who listen to a chat, the one it comes from excepted: typing, read, delivered.</summary>
internal sealed record ChatNotice(long ChatNo, UserId From, NoticeKind Kind, ReadOnlyMemory<byte> Json) : BusMessage;

internal enum NoticeKind
{
    /// <summary>The first to be dropped when a reader is slow.</summary>
    Typing,
    Read,
    Delivered,

    /// <summary>How far a file is.</summary>
    File,
}

/// <summary>Something for all devices of one person: their own marks, settings, a hidden chat that came back.</summary>
internal sealed record UserNotice(UserId User, ReadOnlyMemory<byte> Json) : BusMessage;

/// <summary>A name or a picture changed: for everybody who listens to one of these chats, once.</summary>
internal sealed record PersonNotice(UserId User, IReadOnlyList<long> Chats, ReadOnlyMemory<byte> Json) : BusMessage;

/// <summary>Who holds a connection on one node; lost, it comes again with the node's next renewal.</summary>
internal sealed record PresenceNews(Guid Node, IReadOnlyList<PresenceLease> Leases) : BusMessage;

/// <summary>A setting, a block or a following of somebody changed: what was known of who may see them is old.</summary>
internal sealed record CircleMoved(UserId User) : BusMessage;

/// <summary>One session of somebody ended or changed, or with null all of theirs: what is remembered of them is old.</summary>
internal sealed record SessionsEnded(UserId User, SessionId? Session) : BusMessage;

/// <summary>A node came, or hears the others again: whoever tells of what passes tells it once more.</summary>
internal sealed record NodeCame : BusMessage;

/// <summary>
/// Whichever node holds one of these devices is asked whether it has said anything since that message: where the sender is, it is
/// decided whom to push to.
/// </summary>
internal sealed record DevicesSought(long ChatNo, long Seq, IReadOnlyList<SoughtDevice> Devices) : BusMessage;

internal readonly record struct SoughtDevice(UserId User, SessionId Session);

/// <summary>What a node says of devices that were sought, and that it holds.</summary>
internal sealed record DevicesFound(long ChatNo, IReadOnlyList<FoundDevice> Devices) : BusMessage;

internal readonly record struct FoundDevice(SessionId Session, DeviceWord Word);

internal enum DeviceWord : byte
{
    /// <summary>Connected, and silent so far.</summary>
    Silent = 1,

    /// <summary>It has said something since.</summary>
    Awake,

    /// <summary>Connected no more.</summary>
    Gone,
}
