namespace Hypersend.Sdk.Files;

/// <summary>
/// How many chunks go beside each other. One more is tried, kept when the whole became faster by it and taken back when not; a
/// failure of the line or of the server halves. Pure: time and bytes come in from outside.
/// </summary>
internal sealed class Width
{
    public const int Usual = 4;
    public const int Most = 8;

    private const int MostFixed = 64;
    private const double WorthIt = 1.08;
    private const int LooksBeforeNextTry = 4;

    /// <summary>Lanes mostly fail together: within this it counts once. And no speed is told from less.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(4);

    private readonly Lock _gate = new();
    private readonly bool _isFixed;
    private int _lanes;
    private TimeSpan? _since;
    private TimeSpan? _failedAt;
    private long _bytes;
    private double _before;
    private bool _isTry;
    private bool _hasPassed = true;
    private int _rest;

    private Width(int lanes, bool isFixed) => (_lanes, _isFixed) = (lanes, isFixed);

    /// <summary>How many there are at this moment.</summary>
    public int Lanes
    {
        get
        {
            lock (_gate)
                return _lanes;
        }
    }

    /// <summary>How many there can ever be.</summary>
    public int Limit => _isFixed ? _lanes : Most;

    public static Width Fixed(int lanes) => new(Math.Clamp(lanes, 1, MostFixed), isFixed: true);

    public static Width Adaptive(int lanes) => new(Math.Clamp(lanes, 1, Most), isFixed: false);

    /// <summary>Bytes went out or came in.</summary>
    public void Passed(long bytes, TimeSpan now)
    {
        if (_isFixed)
            return;
        lock (_gate)
        {
            _hasPassed = true;
            _bytes += bytes;
            if (_since is { } since && now - since < LookEvery)
                return;

            // What came before the first look began is not of it.
            if (_since is { } began)
                Decide(_bytes / (now - began).TotalSeconds);
            (_since, _bytes) = (now, 0);
        }
    }

    /// <summary>The line broke, nothing moved, or the server had no time. While nothing passes at all, fewer lanes would not help.</summary>
    public void Failed(TimeSpan now)
    {
        if (_isFixed)
            return;
        lock (_gate)
        {
            if (!_hasPassed || now - _failedAt < LookEvery)
                return;
            (_failedAt, _hasPassed) = (now, false);
            (_lanes, _isTry, _rest) = (Math.Max(1, _lanes / 2), false, 0);
            (_since, _bytes) = (null, 0);
        }
    }

    private void Decide(double speed)
    {
        if (_isTry && speed < _before * WorthIt)
        {
            // The line may be another one later: then it is tried again.
            (_lanes, _isTry, _rest) = (_lanes - 1, false, LooksBeforeNextTry);
            return;
        }

        (_before, _isTry) = (speed, false);
        if (_rest > 0)
            _rest--;
        else if (_lanes < Most)
            (_lanes, _isTry) = (_lanes + 1, true);
    }
}
