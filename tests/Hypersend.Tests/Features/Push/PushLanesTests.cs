using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Push;

namespace Hypersend.Tests.Features.Push;

public sealed class PushLanesTests
{
    private readonly ManualClock _clock = new();
    private readonly PushLanes _lanes;

    public PushLanesTests() => _lanes = new PushLanes(_clock);

    [Fact]
    public void One_person_holds_few_lanes_wherever_their_devices_are()
    {
        var ana = NewUser();

        Assert.Equal(PushLanes.MostOfPerson, Entered(20, i => (ana, $"https://tarpit{i}.example{i}.org/")).Count);
        Assert.NotNull(Enter(NewUser(), "https://push.example.net/"));
    }

    [Fact]
    public void Ports_and_subdomains_make_no_more_lanes()
    {
        Assert.Equal(PushLanes.MostOfStranger, Entered(20, i => (NewUser(), $"https://tarpit.example.org:{1000 + i}/")).Count);
        Assert.Equal(PushLanes.MostOfStranger, Entered(20, i => (NewUser(), $"https://tarpit{i}.example.net/")).Count);
    }

    [Fact]
    public void Hosts_that_never_answered_leave_half_of_the_lanes_to_those_that_did()
    {
        var friend = new Uri("https://push.example.com/");
        Answer(friend, true);

        Assert.Equal(PushLanes.MostOfStrangers, Entered(100, i => (NewUser(), $"https://tarpit{i}.example{i}.org/")).Count);
        Assert.Equal(PushLanes.MostOfOwner, Entered(100, _ => (NewUser(), friend.ToString())).Count);
    }

    [Fact]
    public void A_silent_port_does_not_bring_its_host_into_disrepute()
    {
        var (good, silent) = (new Uri("https://push.example.com/"), new Uri("https://push.example.com:81/"));
        Answer(good, true);
        for (var i = 0; i < 10; i++)
        {
            Answer(silent, false);
            _clock.Advance(TimeSpan.FromMinutes(20));
            Answer(good, true);
        }

        Answer(silent, false);

        Assert.False(_lanes.TryEnter(NewUser(), silent, out _, out var wait));
        Assert.True(wait > TimeSpan.FromMinutes(1));
        Assert.NotNull(Enter(NewUser(), good.ToString()));
    }

    [Fact]
    public void A_host_that_fails_again_and_again_rests_longer_each_time_and_is_then_asked_by_one()
    {
        var host = new Uri("https://push.example.org/");
        for (var i = 0; i < 5; i++)
            Answer(host, false);

        Assert.False(_lanes.TryEnter(NewUser(), host, out _, out var first));
        _clock.Advance(first);
        Assert.Single(Entered(10, _ => (NewUser(), host.ToString())), lane =>
        {
            _lanes.Leave(lane, false);
            return true;
        });
        Assert.False(_lanes.TryEnter(NewUser(), host, out _, out var second));

        Assert.True(second > first);
        _clock.Advance(second);
        Answer(host, true);
        Assert.Equal(PushLanes.MostOfOwner, Entered(20, _ => (NewUser(), host.ToString())).Count);
    }

    [Fact]
    public void A_lane_that_is_given_back_is_free_and_who_was_not_asked_is_not_judged()
    {
        var ana = NewUser();
        for (var i = 0; i < 50; i++)
            _lanes.Leave(Enter(ana, "https://push.example.org/")!, null);

        Assert.Equal(PushLanes.MostOfPerson, Entered(5, _ => (ana, "https://push.example.org/")).Count);
    }

    private void Answer(Uri host, bool answered) => _lanes.Leave(Enter(NewUser(), host.ToString())!, answered);

    private List<PushLane> Entered(int tries, Func<int, (UserId, string)> who) =>
        [.. Enumerable.Range(0, tries).Select(i => who(i) is var (user, url) ? Enter(user, url) : null).OfType<PushLane>()];

    private PushLane? Enter(UserId user, string url) => _lanes.TryEnter(user, new Uri(url), out var lane, out _) ? lane : null;

    private static UserId NewUser() => new(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
}
