namespace Hypersend.Sdk.Realtime;

/// <summary>
/// Notices a connection that is dead without saying so. It ticks twice a heartbeat: after one in silence the other side is
/// asked, after two it is gone.
/// </summary>
internal sealed class Pulse
{
    private const int TicksOfHeartbeat = 2;

    private int _sinceHeard;
    private int _sinceSaid;

    public void Heard() => Volatile.Write(ref _sinceHeard, 0);

    public void Said() => Volatile.Write(ref _sinceSaid, 0);

    public PulseFinding Tick()
    {
        var (heard, said) = (Interlocked.Increment(ref _sinceHeard), Interlocked.Increment(ref _sinceSaid));
        if (heard >= 2 * TicksOfHeartbeat)
            return PulseFinding.Dead;
        return heard == TicksOfHeartbeat || said >= TicksOfHeartbeat ? PulseFinding.Quiet : PulseFinding.Fine;
    }

    public static TimeSpan TickOf(TimeSpan heartbeat) => heartbeat / TicksOfHeartbeat;
}

internal enum PulseFinding
{
    Fine,

    /// <summary>Say something, so that the other side answers.</summary>
    Quiet,

    /// <summary>Nobody is there any more.</summary>
    Dead,
}
