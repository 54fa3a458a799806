using System.Buffers;
using System.Text;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Engines.Bus.Redis;

/// <summary>
/// Messages of the bus as bytes: which node they come from, then each with its kind and its length. A node of another version skips
/// the kinds it does not know and reads no further in a message than it knows it, so that new ones may have more at their end.
/// </summary>
internal static class BusWire
{
    private const byte Version = 1;
    private const int HeadBytes = 1 + 16;

    private enum Kind : byte
    {
        ChatCommit = 1,
        ChatNotice,
        UserNotice,
        PersonNotice,
        PresenceNews,
        CircleMoved,
        NodeCame,
        DevicesSought,
        DevicesFound,
        SessionsEnded,
    }

    public static void Begin(ArrayBufferWriter<byte> output, Guid node)
    {
        new BusBytesWriter(output).Byte(Version);
        new BusBytesWriter(output).Guid(node);
    }

    public static void Write(ArrayBufferWriter<byte> output, BusMessage message)
    {
        var to = new BusBytesWriter(output);
        to.Byte((byte)KindOf(message));
        var begun = to.BeginBlock();
        WriteBody(to, message);
        to.EndBlock(begun);
    }

    /// <summary>Null when another version wrote them.</summary>
    public static Guid? NodeOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeadBytes && bytes[0] == Version ? new Guid(bytes[1..HeadBytes], bigEndian: true) : null;

    /// <summary>Throws <see cref="InvalidDataException"/> on bytes that no node writes.</summary>
    public static IEnumerable<BusMessage> Read(ReadOnlyMemory<byte> bytes)
    {
        var from = new BusBytesReader(bytes[HeadBytes..]);
        while (!from.IsAtEnd)
        {
            var kind = (Kind)from.Byte();
            if (ReadBody(kind, new BusBytesReader(from.Block())) is { } message)
                yield return message;
        }
    }

    private static Kind KindOf(BusMessage message) => message switch
    {
        ChatCommit => Kind.ChatCommit,
        ChatNotice => Kind.ChatNotice,
        UserNotice => Kind.UserNotice,
        PersonNotice => Kind.PersonNotice,
        PresenceNews => Kind.PresenceNews,
        CircleMoved => Kind.CircleMoved,
        NodeCame => Kind.NodeCame,
        DevicesSought => Kind.DevicesSought,
        DevicesFound => Kind.DevicesFound,
        SessionsEnded => Kind.SessionsEnded,
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "This kind of message has no bytes."),
    };

    private static void WriteBody(BusBytesWriter to, BusMessage message)
    {
        switch (message)
        {
            case ChatCommit commit:
                WriteCommit(to, commit);
                break;
            case ChatNotice notice:
                to.Long(notice.ChatNo);
                to.Guid(notice.From.Value);
                to.Byte((byte)notice.Kind);
                to.Block(notice.Json.Span);
                break;
            case UserNotice notice:
                to.Guid(notice.User.Value);
                to.Block(notice.Json.Span);
                break;
            case PersonNotice notice:
                to.Guid(notice.User.Value);
                to.Long(notice.Chats.Count);
                foreach (var chat in notice.Chats)
                    to.Long(chat);
                to.Block(notice.Json.Span);
                break;
            case PresenceNews news:
                WritePresence(to, news);
                break;
            case CircleMoved moved:
                to.Guid(moved.User.Value);
                break;
            case SessionsEnded ended:
                to.Guid(ended.User.Value);
                to.Byte(ended.Session is null ? (byte)0 : (byte)1);
                if (ended.Session is { } session)
                    to.Guid(session.Value);
                break;
            case DevicesSought sought:
                to.Long(sought.ChatNo);
                to.Long(sought.Seq);
                to.Long(sought.Devices.Count);
                foreach (var device in sought.Devices)
                {
                    to.Guid(device.User.Value);
                    to.Guid(device.Session.Value);
                }

                break;
            case DevicesFound found:
                to.Long(found.ChatNo);
                to.Long(found.Devices.Count);
                foreach (var device in found.Devices)
                {
                    to.Guid(device.Session.Value);
                    to.Byte((byte)device.Word);
                }

                break;
        }
    }

    private static void WriteCommit(BusBytesWriter to, ChatCommit commit)
    {
        to.Long(commit.ChatNo);
        to.Guid(commit.Chat.Value);
        to.Long(commit.MembersVersion);
        to.Long(commit.HeadRev);
        to.Long(commit.MemberCount ?? -1);
        to.Block(Encoding.UTF8.GetBytes(commit.Type));
        to.Long(commit.Events.Count);
        foreach (var one in commit.Events)
        {
            to.Long(one.Rev);
            to.Long(one.Seq);
            to.Block(one.Json.Span);
        }

        to.Long(commit.Moves.Count);
        foreach (var move in commit.Moves)
        {
            to.Guid(move.User.Value);
            to.Byte(move.In ? (byte)1 : (byte)0);
            to.Long(move.VisibleFrom);
            to.Block(move.Json.Span);
        }
    }

    private static void WritePresence(BusBytesWriter to, PresenceNews news)
    {
        to.Guid(news.Node);
        to.Long(news.Leases.Count);
        foreach (var lease in news.Leases)
        {
            to.Guid(lease.User.Value);
            to.Byte((byte)lease.State.Status);
            to.Long(lease.State.SetAt);
            to.Byte(lease.IsHeld ? (byte)1 : (byte)0);
        }
    }

    private static BusMessage? ReadBody(Kind kind, BusBytesReader from) => kind switch
    {
        Kind.ChatCommit => ReadCommit(from),
        Kind.ChatNotice => new ChatNotice(from.Long(), UserId.From(from.Guid()), (NoticeKind)from.Byte(), from.Block()) { IsFromElsewhere = true },
        Kind.UserNotice => new UserNotice(UserId.From(from.Guid()), from.Block()) { IsFromElsewhere = true },
        Kind.PersonNotice => new PersonNotice(UserId.From(from.Guid()), from.List(sizeof(long), static one => one.Long()), from.Block()) { IsFromElsewhere = true },
        Kind.PresenceNews => new PresenceNews(from.Guid(), from.List(26, ReadLease)) { IsFromElsewhere = true },
        Kind.CircleMoved => new CircleMoved(UserId.From(from.Guid())) { IsFromElsewhere = true },
        Kind.SessionsEnded => new SessionsEnded(UserId.From(from.Guid()), from.Byte() == 0 ? null : SessionId.From(from.Guid())) { IsFromElsewhere = true },
        Kind.NodeCame => new NodeCame { IsFromElsewhere = true },
        Kind.DevicesSought => new DevicesSought(from.Long(), from.Long(), from.List(32, ReadSought)) { IsFromElsewhere = true },
        Kind.DevicesFound => new DevicesFound(from.Long(), from.List(17, ReadFound)) { IsFromElsewhere = true },
        _ => null,
    };

    private static PresenceLease ReadLease(BusBytesReader from) =>
        new(UserId.From(from.Guid()), new PresenceState((PresenceStatus)from.Byte(), from.Long()), from.Byte() != 0);

    private static SoughtDevice ReadSought(BusBytesReader from) => new(UserId.From(from.Guid()), SessionId.From(from.Guid()));

    private static FoundDevice ReadFound(BusBytesReader from) => new(SessionId.From(from.Guid()), (DeviceWord)from.Byte());

    private static ChatCommit ReadCommit(BusBytesReader from)
    {
        var (chatNo, chat, version, head, members) = (from.Long(), ChatId.From(from.Guid()), from.Long(), from.Long(), from.Long());
        var type = Encoding.UTF8.GetString(from.Block().Span);
        var events = from.List(20, static one =>
        {
            var (rev, seq) = (one.Long(), one.Long());
            return new ChatEvent(rev, one.Block(), seq);
        });
        var moves = from.List(29, static one =>
        {
            var (user, isIn, visibleFrom) = (UserId.From(one.Guid()), one.Byte() != 0, one.Long());
            return new MemberMove(user, isIn, one.Block(), visibleFrom);
        });
        return new ChatCommit(chatNo, chat, version, events, moves)
        {
            HeadRev = head,
            MemberCount = members < 0 ? null : (int)members,
            Type = type,
            IsFromElsewhere = true,
        };
    }
}
