using Hypersend.Sdk.Realtime;

namespace Hypersend.Tests.Sdk.Realtime;

/// <summary>A heartbeat is two ticks.</summary>
public sealed class PulseTests
{
    [Fact]
    public void Who_is_silent_for_one_heartbeat_is_asked_and_for_two_is_gone()
    {
        var pulse = new Pulse();
        pulse.Said();
        Assert.Equal([PulseFinding.Fine, PulseFinding.Quiet], Ticks(pulse, 2));
        pulse.Said();
        Assert.Equal([PulseFinding.Fine, PulseFinding.Dead], Ticks(pulse, 2));
    }

    [Fact]
    public void Who_answers_is_not_gone()
    {
        var pulse = new Pulse();
        for (var i = 0; i < 10; i++)
        {
            Assert.DoesNotContain(PulseFinding.Dead, Ticks(pulse, 3));
            pulse.Heard();
        }
    }

    [Fact]
    public void Who_only_listens_says_something_once_a_heartbeat()
    {
        var pulse = new Pulse();
        for (var i = 0; i < 5; i++)
        {
            pulse.Heard();
            Assert.Equal(PulseFinding.Fine, pulse.Tick());
            pulse.Heard();
            Assert.Equal(PulseFinding.Quiet, pulse.Tick());
            pulse.Said();
        }
    }

    private static PulseFinding[] Ticks(Pulse pulse, int count) => [.. Enumerable.Range(0, count).Select(_ => pulse.Tick())];
}
