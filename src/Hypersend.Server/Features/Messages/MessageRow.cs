using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Messages;

/// <summary>A message as it is stored, with the cards of the people it shows.</summary>
internal sealed record MessageRow
{
    public long Key { get; init; }

    public long RevKey { get; init; }

    public UserId SenderId { get; init; }

    public string SenderUsername { get; init; } = "";

    public string SenderName { get; init; } = "";

    public string? SenderAvatar { get; init; }

    public string Type { get; init; } = "";

    public string? Content { get; init; }

    public string? ClientId { get; init; }

    public long? ReplyKey { get; init; }

    public long? ThreadKey { get; init; }

    public int ThreadCount { get; init; }

    public string? ForwardedFrom { get; init; }

    public UserId? ForwardedSender { get; init; }

    public string? ForwardedUsername { get; init; }

    public string? ForwardedName { get; init; }

    public string? ForwardedAvatar { get; init; }

    /// <summary>A JSON array of the ids of people; the empty id stands for everybody.</summary>
    public string? Mentions { get; init; }

    /// <summary>The system note as JSON.</summary>
    public string? System { get; init; }

    /// <summary>A JSON array of emoji and counts, the oldest reaction first.</summary>
    public string? Reactions { get; init; }

    /// <summary>A JSON array of the cards of its files.</summary>
    public string? Files { get; init; }

    /// <summary>What its first link leads to, as JSON.</summary>
    public string? Preview { get; init; }

    public long Counted { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EditedAt { get; init; }

    public DateTimeOffset? PinnedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Since when it is known that none of its files comes.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}
