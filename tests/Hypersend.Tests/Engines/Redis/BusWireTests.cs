using System.Buffers;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Bus.Redis;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Realtime;

namespace Hypersend.Tests.Engines.Redis;

public sealed class BusWireTests
{
    private static readonly Guid Node = new(1, 2, 3, new byte[8]);
    private static readonly UserId User = new(new Guid(4, 5, 6, new byte[8]));
    private static readonly SessionId Session = new(new Guid(7, 8, 9, new byte[8]));

    private static readonly BusMessage[] Samples =
    [
        new ChatCommit(7, default, 3, [new ChatEvent(8, "{}"u8.ToArray(), 5)], [new MemberMove(User, In: true, "{}"u8.ToArray(), 4)]) { MemberCount = 2, Type = "group" },
        new ChatNotice(7, User, NoticeKind.Read, "{}"u8.ToArray()),
        new UserNotice(User, "{}"u8.ToArray()),
        new PersonNotice(User, [7, 8], "{}"u8.ToArray()),
        new PresenceNews(Node, [new PresenceLease(User, new PresenceState(PresenceStatus.Away, 5), IsHeld: true)]),
        new CircleMoved(User),
        new SessionsEnded(User, Session),
        new NodeCame(),
        new DevicesSought(7, 8, [new SoughtDevice(User, Session)]),
        new DevicesFound(7, [new FoundDevice(Session, DeviceWord.Awake)]),
    ];

    [Fact]
    public void Whatever_the_bus_carries_has_bytes_and_comes_from_elsewhere_when_they_are_read()
    {
        var kinds = typeof(BusMessage).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(BusMessage)) && type.Namespace == typeof(BusMessage).Namespace);
        Assert.Equal(kinds.Select(type => type.Name).Order(), Samples.Select(sample => sample.GetType().Name).Order());

        var bytes = Written();
        Assert.Equal(Node, BusWire.NodeOf(bytes.Span));
        var read = BusWire.Read(bytes).ToList();
        Assert.Equal(Samples.Select(sample => sample.GetType()), read.Select(message => message.GetType()));
        Assert.All(read, message => Assert.True(message.IsFromElsewhere));
        Assert.Equal((5L, 4L, (int?)2), (((ChatCommit)read[0]).Events[0].Seq, ((ChatCommit)read[0]).Moves[0].VisibleFrom, ((ChatCommit)read[0]).MemberCount));
    }

    [Fact]
    public void A_kind_of_a_later_version_is_passed_over()
    {
        byte[] later = [200, 0, 0, 0, 3, 1, 2, 3];
        byte[] bytes = [.. Written().Span[..17], .. later, .. Written().Span[17..]];
        Assert.Equal(Samples.Length, BusWire.Read(bytes).Count());
    }

    [Fact]
    public void What_was_cut_or_changed_on_the_way_is_refused_or_read_as_something_else()
    {
        var bytes = Written().ToArray();
        for (var at = 17; at < bytes.Length; at++)
        {
            Assert.True(CountOf(bytes[..at]) < Samples.Length);
            byte[] changed = [.. bytes];
            changed[at] ^= 0xff;
            Assert.True(CountOf(changed) <= bytes.Length);
        }
    }

    private static ReadOnlyMemory<byte> Written()
    {
        var output = new ArrayBufferWriter<byte>();
        BusWire.Begin(output, Node);
        foreach (var sample in Samples)
            BusWire.Write(output, sample);
        return output.WrittenMemory;
    }

    // Anything but a refusal by this one exception would end the server.
    private static int CountOf(byte[] bytes)
    {
        try
        {
            return BusWire.Read(bytes).Count();
        }
        catch (InvalidDataException)
        {
            return -1;
        }
    }
}
