using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Presence;

namespace Hypersend.Tests.Features.Presence;

public sealed class PresenceTableTests
{
    private static readonly Guid Node = new("11111111-1111-7111-8111-111111111111");
    private static readonly Guid OtherNode = new("22222222-2222-7222-8222-222222222222");
    private static readonly UserId Ana = new(new Guid("00000000-0000-7000-8000-0000000000a1"));

    private static readonly SessionId Phone = new(new Guid("00000000-0000-7000-8000-0000000000b1"));

    private readonly ManualClock _clock = new();
    private readonly PresenceTable _table;

    public PresenceTableTests() => _table = new PresenceTable(_clock);

    [Fact]
    public void Somebody_is_here_as_long_as_one_connection_is_held_and_twenty_seconds_more()
    {
        var (one, two) = (Enter(), Enter());
        _table.Leave(one);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(PresenceStatus.Online, Status());

        _table.Leave(two);
        _clock.Advance(TimeSpan.FromSeconds(19));
        Assert.Equal(PresenceStatus.Online, Status());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(PresenceStatus.Offline, Status());
    }

    [Fact]
    public void The_end_of_the_grace_is_news_once_and_then_nothing_is_kept()
    {
        var left = _clock.GetUtcNow();
        _table.Leave(Enter());
        Assert.Equal([(Ana, new PresenceNow(PresenceStatus.Online, null))], _table.TakeMoved());
        Assert.Empty(_table.TakeMoved());

        _clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal([(Ana, new PresenceNow(PresenceStatus.Offline, left))], _table.TakeMoved());
        Assert.Empty(_table.TakeMoved());
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void A_connection_in_the_place_of_a_lost_one_goes_on_with_what_was_chosen_there()
    {
        var lost = Enter();
        _table.Set(lost, PresenceStatus.DoNotDisturb);
        _table.Leave(lost);
        _clock.Advance(TimeSpan.FromSeconds(10));
        var next = Enter();
        Assert.Equal(PresenceStatus.DoNotDisturb, Status());

        _table.Leave(next);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Enter();
        Assert.Equal(PresenceStatus.Online, Status());
    }

    [Fact]
    public void The_last_choice_of_any_device_holds_and_away_only_when_all_are()
    {
        var (laptop, phone) = (Enter(), Enter());
        Set(laptop, PresenceStatus.Away);
        Assert.Equal(PresenceStatus.Online, Status());
        Set(phone, PresenceStatus.Away);
        Assert.Equal(PresenceStatus.Away, Status());
        Set(laptop, PresenceStatus.Busy);
        Assert.Equal(PresenceStatus.Busy, Status());
        Set(phone, PresenceStatus.Invisible);
        Assert.Equal((PresenceStatus.Invisible, PresenceStatus.Offline), (Status(), _table.Of(Ana).Shown));
        Set(laptop, PresenceStatus.Online);
        Assert.Equal(PresenceStatus.Online, Status());
    }

    [Fact]
    public void A_lease_of_another_node_runs_out_unless_it_is_renewed()
    {
        _table.Hear(Node, [Lease(PresenceStatus.Away)]);
        _clock.Advance(TimeSpan.FromSeconds(50));
        _table.Hear(Node, [Lease(PresenceStatus.Away)]);
        _clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(PresenceStatus.Away, Status());

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(PresenceStatus.Offline, Status());
        Assert.Equal((Ana, PresenceStatus.Offline), _table.TakeMoved().Select(one => (one.User, one.Now.Status)).Single());
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void Who_goes_from_one_node_to_another_is_never_away()
    {
        _table.Hear(Node, [Lease(PresenceStatus.Online)]);
        _table.Hear(Node, [Lease(PresenceStatus.Online) with { IsHeld = false }]);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(PresenceStatus.Online, Status());
        _table.Hear(OtherNode, [Lease(PresenceStatus.Online)]);
        _clock.Advance(TimeSpan.FromSeconds(20));

        Assert.All(_table.TakeMoved(), one => Assert.Equal(PresenceStatus.Online, one.Now.Status));
        Assert.Equal(PresenceStatus.Online, Status());
    }

    [Fact]
    public void Other_nodes_are_told_what_changed_and_when_it_is_time_everybody()
    {
        var hold = Enter();
        Assert.Equal([new PresenceLease(Ana, new PresenceState(PresenceStatus.Online, 0), IsHeld: true)], _table.TakeNews(all: false));
        Assert.Empty(_table.TakeNews(all: false));
        Assert.Single(_table.TakeNews(all: true));

        _table.Leave(hold);

        Assert.Equal([new PresenceLease(Ana, new PresenceState(PresenceStatus.Online, 0), IsHeld: false)], _table.TakeNews(all: true));
        Assert.Empty(_table.TakeNews(all: true));
    }

    [Fact]
    public void What_a_lost_device_had_chosen_holds_while_it_may_come_back_and_it_goes_on_with_it()
    {
        var (laptop, phone) = (Enter(), Enter(Phone));
        Set(phone, PresenceStatus.Invisible);
        _table.Leave(phone);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(PresenceStatus.Invisible, Status());
        var again = Enter(Phone);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(PresenceStatus.Invisible, Status());

        // One that does not come back counts no more, and the other nodes are told.
        _table.Leave(again);
        _table.TakeMoved();
        _table.TakeNews(all: false);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal([(Ana, new PresenceNow(PresenceStatus.Online, null))], _table.TakeMoved());
        Assert.Equal(PresenceStatus.Online, Assert.Single(_table.TakeNews(all: false)).State.Status);
        _table.Leave(laptop);
    }

    [Fact]
    public void Whose_devices_are_lost_one_after_the_other_is_to_the_end_what_they_chose_last()
    {
        var (laptop, phone) = (Enter(), Enter(Phone));
        Set(phone, PresenceStatus.Invisible);
        _table.Leave(phone);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _table.Leave(laptop);
        Assert.Equal(PresenceStatus.Invisible, Status());
        Assert.True(_table.IsHidden(Ana));
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(PresenceStatus.Offline, Status());
        Assert.False(_table.IsHidden(Ana));
    }

    [Fact]
    public void What_was_chosen_in_one_tab_holds_as_long_as_another_of_the_same_device_is_open()
    {
        var (one, other) = (Enter(), Enter());
        Set(one, PresenceStatus.Busy);
        _table.Leave(one);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(PresenceStatus.Busy, Status());
        _table.Leave(other);
    }

    private PresenceHold Enter(SessionId session = default) => _table.Enter(Ana, session);

    private static PresenceLease Lease(PresenceStatus status) => new(Ana, new PresenceState(status, 1), IsHeld: true);

    private PresenceStatus Status() => _table.Of(Ana).Status;

    private void Set(PresenceHold hold, PresenceStatus status)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        _table.Set(hold, status);
    }
}
