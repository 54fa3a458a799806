using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Push;

/// <summary>One push on its way to one device.</summary>
internal sealed record PushJob
{
    public required SubscriptionId Device { get; init; }

    public required UserId User { get; init; }

    public required Uri Endpoint { get; init; }

    public required SubscriptionKeys Keys { get; init; }

    public required byte[] Text { get; init; }

    /// <summary>The chat it is about; null for a test. A newer push about it takes the place of one that waits.</summary>
    public ChatId? Chat { get; init; }

    public long? ChatNo { get; init; }

    /// <summary>Up to which message the device shows the chat then; null for one that takes something away.</summary>
    public long? Shows { get; init; }

    /// <summary>The revision of that message from which the text was made.</summary>
    public long Rev { get; init; }

    /// <summary>After which message what is new begins: when that one is gone, one before it may be told.</summary>
    public long From { get; init; }

    /// <summary>
    /// Up to which message the device is to show nothing any more. A message above it brings that along, as its notification
    /// takes the place of the one before.
    /// </summary>
    public long? Clears { get; init; }

    public required string Urgency { get; init; }

    public required TimeSpan TimeToLive { get; init; }

    public string? Topic { get; init; }

    /// <summary>When what it tells of happened.</summary>
    public required DateTimeOffset Since { get; init; }

    public int Tries { get; init; }

    /// <summary>What is left of two that wait for the same device and chat.</summary>
    public static PushJob Merge(PushJob before, PushJob after)
    {
        var clears = before.Clears is { } one && !(after.Clears >= one) ? one : after.Clears;
        if (after.Shows is not null)
            return after with { Clears = clears, From = before.Shows is null ? after.From : Math.Min(before.From, after.From) };

        // To clear up to a message takes none away that is newer.
        return before.Shows > after.Clears || (before.Shows is null && before.Clears > after.Clears) ? before with { Clears = clears } : after;
    }
}
