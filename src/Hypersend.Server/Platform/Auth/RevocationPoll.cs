namespace Hypersend.Server.Platform.Auth;

/// <summary>Asks the database every two seconds which sessions to read again, and writes down when sessions were used.</summary>
internal sealed partial class RevocationPoll(SessionCache cache, ISessionLedger ledger, TimeProvider clock, ILogger<RevocationPoll> log)
    : BackgroundLoop(log)
{
    private const int TouchEvery = 15;

    // Rows are stamped by the clock of the node that wrote them and may be committed a moment later.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(60);

    // Who was away for longer than this (suspended, cut off) may find that rows have left the overlap unseen.
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(30);

    private HashSet<Guid> _seen = [];
    private DateTimeOffset _answeredAt = DateTimeOffset.MinValue;

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

    /// <summary>One question to the database and what follows from its answer.</summary>
    public async Task PollAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var revoked = await ledger.RevokedSinceAsync(now - Overlap, cancellation);
        if (now - _answeredAt > LongestGap || now < _answeredAt)
            cache.ForgetAll();
        var seen = new HashSet<Guid>(revoked.Count);
        foreach (var revocation in revoked)
        {
            seen.Add(revocation.Id);
            if (!_seen.Contains(revocation.Id))
                cache.Hear(revocation.UserId, revocation.SessionId);
        }

        _seen = seen;
        _answeredAt = now;
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
