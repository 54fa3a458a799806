namespace Hypersend.Sdk.Files;

/// <summary>The tries of one thing: how often yet, and how long until the next.</summary>
internal sealed class Tries(TransferOptions options)
{
    private const int AFew = 5;

    private readonly Backoff _backoff = new(options);
    private readonly long _began = options.Clock.GetTimestamp();
    private int _few;

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
