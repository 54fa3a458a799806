using Hypersend.Contracts.Ids;
using Hypersend.Server.Realtime.Fanout;

namespace Hypersend.Server.Realtime;

/// <summary>Which devices are connected here, and which of them answer.</summary>
internal sealed class LiveDevices(LiveHub hub)
{
    /// <summary>The timestamp at which the device was last heard; null when nothing of it is connected.</summary>
    public long? HeardAt(UserId user, SessionId session)
    {
        long? latest = null;
        foreach (var listener in hub.ListenersOf(user))
        {
            // One that hears a single chat is some tool's, not what somebody looks at.
            if (listener.Session == session && listener.Only is null)
                latest = Math.Max(latest ?? 0, listener.HeardAt);
        }

        return latest;
    }
}
