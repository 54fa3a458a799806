namespace Hypersend.Server.Realtime.Fanout;

/// <summary>A listener's place in one chat.</summary>
internal sealed class Seat(Listener listener, ChatChannel channel)
{
    public Listener Listener => listener;

    public ChatChannel Channel => channel;

    /// <summary>
    /// Events up to this rev are not for this listener: they were in the answer to hello. Guarded by the listener.
    /// </summary>
    public long Floor { get; set; }

    /// <summary>Messages up to this one are from before the person's time in the chat.</summary>
    public long VisibleFrom { get; init; }

    /// <summary>Where the channel keeps it. Guarded by the channel.</summary>
    public int Place { get; set; }
}
