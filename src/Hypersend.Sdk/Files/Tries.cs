namespace Hypersend.Sdk.Files;

/// <summary>The tries of one thing: how often yet, and how long until the next.</summary>
internal sealed class Tries(TransferOptions options)
{
    private const int AFew = 5;

    private readonly Backoff _backoff = new(options);
    private readonly long _began = options.Clock.GetTimestamp();
    private int _few;

    /// <summary>A small call once: it is over when it stands still for longer than a transfer may.</summary>
    public async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        using var stall = new CancellationTokenSource(options.StallAfter, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stall.Token);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException failure) when (stall.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw RetryRules.Told(failure, options, hasStalled: true);
        }
    }

    /// <summary>Whether another try makes sense.</summary>
    /// <param name="failure">What the last one came to.</param>
    /// <param name="landedAt">When something last got through, elsewhere.</param>
    public bool MayGoOn(Exception failure, long landedAt = long.MinValue)
    {
        var step = RetryRules.Of(failure);
        if (step is NextStep.GiveUp || (step is NextStep.AgainAFewTimes or NextStep.RenewToken && ++_few >= AFew))
            return false;
        return options.Clock.GetElapsedTime(Math.Max(_began, landedAt)) < options.GiveUpAfter;
    }

    public TimeSpan Wait(Exception failure) => _backoff.Next(failure);
}
