namespace Hypersend.Server.Realtime.Sockets;

/// <summary>How many objects a client may send: so many a second, and some more at once.</summary>
internal struct FrameBudget(TimeProvider clock)
{
    public const int PerSecond = 100;
    public const int AtOnce = 200;

    private const int MostRefused = 200;

    private double _left = AtOnce;
    private long _at = clock.GetTimestamp();
    private int _refused;

    /// <summary>It goes on and on after it was refused.</summary>
    public readonly bool IsExhausted => _refused > MostRefused;

    public bool TryTake()
    {
        var now = clock.GetTimestamp();
        _left = Math.Min(AtOnce, _left + (clock.GetElapsedTime(_at, now).TotalSeconds * PerSecond));
        _at = now;
        if (_left >= AtOnce / 2)
            _refused = 0;
        if (_left < 1)
        {
            _refused++;
            return false;
        }

        _left--;
        return true;
    }
}
