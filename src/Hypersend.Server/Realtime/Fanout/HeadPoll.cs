using Hypersend.Server.Platform;

namespace Hypersend.Server.Realtime.Fanout;

/// <summary>
/// Hands the bus to the hub, and asks the database every second which chats moved and who came into one: what the bus lost is
/// late, never gone.
/// </summary>
internal sealed partial class HeadPoll(
    LiveHub hub, IBus bus, ISyncStore store, IChatViews views, TimeProvider clock, ILogger<HeadPoll> log) : BackgroundLoop(log)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    // A commit is stamped when it begins; it may have been slow.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(3);

    private DateTimeOffset _answeredAt = clock.GetUtcNow();

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        bus.Subscribe(hub.Receive);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stopping))
            await PollAsync(stopping);
    }

    public async Task PollAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (hub.IsQuiet)
        {
            _answeredAt = now;
            return;
        }

        try
        {
            hub.Look(await store.MovedSinceAsync(_answeredAt - Overlap, cancellation));
            await SeatMissedAsync(await store.JoinedSinceAsync(_answeredAt - Overlap, cancellation), cancellation);
            _answeredAt = now;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            PollFailed(log, exception);
        }
    }

    // Nearly always nobody: who comes in is told by the bus long before.
    private async Task SeatMissedAsync(IReadOnlyList<Newcomer> newcomers, CancellationToken cancellation)
    {
        foreach (var missed in newcomers.Where(hub.IsMissedBy).ToLookup(newcomer => newcomer.ChatNo))
        {
            // The version first: should the list move after it, the channel looks again.
            var heads = await store.HeadsAsync([missed.Key], cancellation);
            var from = missed.ToDictionary(newcomer => newcomer.UserId, newcomer => newcomer.VisibleFrom);
            var seen = await views.ViewsAsync(missed.Key, from.Keys, cancellation);
            if (heads.Count == 0 || seen.Count == 0)
                continue;
            var view = seen[0].View;
            var chat = new ListenedChat
            {
                No = missed.Key,
                Id = view.Id,
                Type = view.Type,
                Rev = heads[0].Rev,
                MembersVersion = heads[0].MembersVersion,
                MemberCount = view.MemberCount,
            };
            hub.Seat(chat, [.. seen.Select(one => new MemberMove(one.User, In: true, EventJson.OfCreated(one.View), from[one.User]))]);
        }
    }

    [LoggerMessage(332, LogLevel.Warning, "The poll for chats that moved failed; what the bus loses waits until it answers")]
    private static partial void PollFailed(ILogger log, Exception exception);
}
