namespace Hypersend.Server.Realtime.Sockets;

/// <summary>What a socket last said of its person's typing: the same again within two seconds is no news.</summary>
internal struct TypingMark
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private long _chatNo;
    private bool _on;
    private long _at;

    public bool IsNews(long chatNo, bool on, TimeProvider clock)
    {
        var now = clock.GetTimestamp();
        if (_chatNo == chatNo && _on == on && clock.GetElapsedTime(_at, now) < Every)
            return false;
        (_chatNo, _on, _at) = (chatNo, on, now);
        return true;
    }
}
