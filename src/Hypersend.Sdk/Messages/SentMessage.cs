using Hypersend.Contracts.Messages;

namespace Hypersend.Sdk.Messages;

/// <summary>What became of a send: a message, or one that waits for its time.</summary>
public sealed record SentMessage
{
    /// <summary>The message as it is stored; null when it waits.</summary>
    public Message? Message { get; init; }

    /// <summary>Whether the same client id had brought it in before.</summary>
    public bool Repeated { get; init; }

    /// <summary>What waits for its time; null when it was sent.</summary>
    public ScheduledMessage? Scheduled { get; init; }
}
