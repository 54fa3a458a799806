using Hypersend.Contracts.Ids;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Auth;
using Hypersend.Server.Realtime.Fanout;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>
/// Ends the listeners of a session that has ended: when this node did it, or heard of it. The bus only makes it faster; what it loses
/// is found by the poll.
/// </summary>
internal sealed class SessionWatch(LiveHub hub, SocketWheel wheel, SessionCache sessions, IBus bus, ILogger<SessionWatch> log) : BackgroundQueue<UserId?>(Limit, log)
{
    private const int Limit = 10_000;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // One that finds no room is found by the next heartbeat.
        sessions.Forgotten += user => TryAsk(user);
        sessions.Ended += (user, session) => bus.Publish(new SessionsEnded(user, session));
        bus.Subscribe(Receive);
        return base.StartAsync(cancellationToken);
    }

    private void Receive(BusMessage message)
    {
        if (message is SessionsEnded { IsFromElsewhere: true } ended)
            sessions.Hear(ended.User, ended.Session);
    }

    protected override async Task DoAsync(UserId? item, CancellationToken cancellation)
    {
        IEnumerable<Listener> listeners = item is { } user ? hub.ListenersOf(user) : wheel.All();
        foreach (var listener in listeners)
        {
            if (await sessions.FindAsync(listener.Session, cancellation) is null)
                listener.EndSession();
        }
    }
}
