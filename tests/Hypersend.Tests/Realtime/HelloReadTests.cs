using Hypersend.Contracts.Ids;
using Hypersend.Server.Realtime.Fanout;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hypersend.Tests.Realtime;

public sealed class HelloReadTests
{
    private const long One = 7;

    private static readonly UserId Ana = new(new Guid(1, 0, 0, new byte[8]));
    private static readonly Dictionary<ChatId, long> Nothing = [];

    private readonly FakeChats _chats = new();
    private readonly LiveHub _hub;
    private readonly Ear _ear = new(Ana);

    public HelloReadTests()
    {
        _hub = new LiveHub(_chats, TimeProvider.System, NullLogger<LiveHub>.Instance);
        _hub.Enter(_ear);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_happens_between_the_reading_of_a_chat_and_the_seat_in_it_is_read_as_well()
    {
        var hello = new Hello(_hub, _chats);
        Assert.Empty(await hello.SitInAllAsync(_ear, Cancellation));

        // Somebody lets her in now, which this node has not heard of yet: she has no seat there when the database is read.
        _chats.Add(One, Ana);
        _chats.AfterSync = () => _hub.Receive(_chats.Commit(One, events: 3));
        var answer = Assert.Single(await hello.ReadAsync(_ear, Nothing, coversAll: true, Cancellation).ToListAsync(Cancellation));

        Assert.True(_ear.HasSeat(One));
        Assert.Equal(4, Assert.Single(answer.Listened).Rev);
    }
}
