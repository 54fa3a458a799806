namespace Hypersend.ServerTests.Faults;

/// <summary>The clock of a machine that somebody sets: the date jumps, and what counts time passed goes on as if nothing had happened.</summary>
internal sealed class WallClock : TimeProvider
{
    private long _off;

    /// <summary>How far it is from the right time.</summary>
    public TimeSpan Off
    {
        get => new(Interlocked.Read(ref _off));
        set => Interlocked.Exchange(ref _off, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Off;
}
