using Hypersend.Server.Features.Presence;
using Hypersend.Server.Platform;
using Hypersend.Server.Realtime.Fanout;

namespace Hypersend.Server.Realtime.Presence;

/// <summary>
/// The one clock of presence: tells watchers at most every two seconds what changed, other nodes who is here, and those
/// again before their leases run out.
/// </summary>
internal sealed partial class PresenceLoop(
    PresenceTable table, PresenceWatchers watchers, LiveHub hub, IBus bus, TimeProvider clock, ILogger<PresenceLoop> log) : BackgroundLoop(log)
{
    private const int LeasesAtOnce = 1_000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(20);

    private readonly Guid _node = Guid.CreateVersion7(clock.GetUtcNow());
    private volatile bool _isRenewalDue;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        bus.Subscribe(Receive);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        long toldAt = 0, renewedAt = clock.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                // The first change is told at once, what follows within two seconds of it together.
                var isTime = toldAt == 0 || clock.GetElapsedTime(toldAt) >= TellEvery;
                var isRenewal = _isRenewalDue || clock.GetElapsedTime(renewedAt) >= RenewEvery;
                if (isRenewal)
                    (renewedAt, _isRenewalDue) = (clock.GetTimestamp(), false);
                Publish(table.TakeNews(isRenewal));
                if ((isTime || watchers.HasFresh) && await TellAsync(isTime, stopping) && isTime)
                    toldAt = clock.GetTimestamp();
            }
        }
        finally
        {
            // Whoever was here is told to have gone, and need not wait for the end of a lease.
            Publish(table.TakeNews(all: false));
        }
    }

    private async Task<bool> TellAsync(bool all, CancellationToken cancellation)
    {
        try
        {
            return await watchers.TellAsync(all, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            NotTold(log, exception);
            return true;
        }
    }

    private void Publish(IReadOnlyList<PresenceLease> leases)
    {
        foreach (var some in leases.Chunk(LeasesAtOnce))
            bus.Publish(new PresenceNews(_node, some));
    }

    private void Receive(BusMessage message)
    {
        switch (message)
        {
            case PresenceNews news when news.Node != _node:
                table.Hear(news.Node, news.Leases);
                break;
            case NodeCame:
                _isRenewalDue = true;
                break;
            case CircleMoved moved:
                watchers.Reconsider(moved.User, hub.ListenersOf(moved.User));
                break;
            case ChatCommit commit:
                foreach (var move in commit.Moves)
                    Receive(commit.ChatNo, move);
                break;
        }
    }

    private void Receive(long chatNo, MemberMove move)
    {
        var theirs = hub.ListenersOf(move.User);
        if (move.In)
            watchers.Came(chatNo, theirs);
        else
            watchers.Left(move.User, chatNo, theirs);
    }

    [LoggerMessage(350, LogLevel.Warning, "Who came and went could not be told; it is tried again")]
    private static partial void NotTold(ILogger log, Exception exception);
}
