using Hypersend.Server.Realtime;

namespace Hypersend.ServerTests.Fixture;

/// <summary>A bus that loses every commit: whatever is heard of one, the server found by asking the database.</summary>
internal sealed class ForgetfulBus : IBus
{
    private Action<BusMessage>[] _receivers = [];

    public void Publish(BusMessage message)
    {
        if (message is ChatCommit)
            return;
        foreach (var receive in _receivers)
            receive(message);
    }

    public void Subscribe(Action<BusMessage> receive) => _receivers = [.. _receivers, receive];
}
