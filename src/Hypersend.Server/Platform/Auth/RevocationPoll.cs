namespace Hypersend.Server.Platform.Auth;

/// <summary>Asks the database every two seconds which sessions to read again, and writes down when sessions were used.</summary>
internal sealed partial class RevocationPoll(SessionCache cache, ISessionLedger ledger, TimeProvider clock, ILogger<RevocationPoll> log)
    : BackgroundLoop(log)
{
    private const int TouchEvery = 15;

    // Rows are stamped by the clock of the node that wrote them and may be committed a moment later.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(60);

    private HashSet<Guid> _seen = [];

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(SessionCache.PollEvery, clock);
        for (var round = 1; ; round++)
        {
            await RunRoundAsync(round, stopping);
            if (!await timer.WaitForNextTickAsync(stopping))
                return;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TouchAsync(cancellationToken);
    }

    private async Task RunRoundAsync(int round, CancellationToken cancellation)
    {
        try
        {
            await PollAsync(cancellation);
            if (round % TouchEvery == 0)
                await TouchAsync(cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            PollFailed(log, exception);
        }
    }

    private async Task PollAsync(CancellationToken cancellation)
    {
        var revoked = await ledger.RevokedSinceAsync(clock.GetUtcNow() - Overlap, cancellation);
        var seen = new HashSet<Guid>(revoked.Count);
        foreach (var revocation in revoked)
        {
            seen.Add(revocation.Id);
            if (!_seen.Contains(revocation.Id))
                cache.Forget(revocation.UserId, revocation.SessionId);
        }

        _seen = seen;
        cache.PollAnswered();
    }

    private async Task TouchAsync(CancellationToken cancellation)
    {
        var uses = cache.TakeUses();
        if (uses.Count > 0)
            await ledger.TouchAsync(uses, cancellation);
    }

    [LoggerMessage(10, LogLevel.Warning, "The poll for ended sessions failed; sessions are read from the database until it answers")]
    private static partial void PollFailed(ILogger log, Exception exception);
}
